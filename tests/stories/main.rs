//! The stories: whole nodes on real sockets, with real files, mails and pages.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod a_backup_is_restored;
mod a_file_travels;
mod a_key_is_stolen;
mod a_network_joins_anew;
mod a_network_leaves;
mod a_picture_travels;
mod a_proposal_is_read;
mod a_purchase_gathers;
mod a_sheet_finds_its_people;
mod a_structure_moves;
mod canaries_stay_home;
mod deleted_is_gone_everywhere;
mod each_as_they_chose;
mod each_network_chooses;
mod it_is_found_everywhere;
mod joining_is_an_invitation;
mod marie_seeks_premises;
mod networks_talk;
mod nodes_speak_tls;
mod strangers_at_the_door;
mod the_hub_sleeps_and_wakes;
mod time_passes;
mod two_hubs_side_by_side;
mod two_sheets_of_one_structure;
mod two_sides_agree;
