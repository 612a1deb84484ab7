# La relecture, les signalements, les personnes et leurs rôles.

network-proposed-count = { $count ->
    [0] Rien n’attend de relecture.
    [one] Une fiche attend votre relecture.
   *[other] { $count } fiches attendent votre relecture.
}
network-proposed-go = Relire
network-reported = Signalements
network-reported-count = { $count ->
    [0] Aucune fiche n’est signalée.
    [one] Une fiche est signalée.
   *[other] { $count } fiches sont signalées.
}
network-reported-go = Voir les signalements
network-everybody = { $count ->
    [one] Une personne a un compte ici.
   *[other] { $count } personnes ont un compte ici.
}
network-everybody-go = Toutes les personnes et leurs rôles

moderation-title = À relire
moderation-intro = Ce que proposent des personnes que le réseau ne connaît pas encore. Chacune est prévenue de votre décision par courriel et dans son espace, avec votre phrase.
moderation-intro-without-mail = Ce que proposent des personnes que le réseau ne connaît pas encore. Chacune lit votre décision et votre phrase dans son espace.
moderation-count = { $count ->
    [one] Une fiche attend.
   *[other] { $count } fiches attendent, les plus anciennes d’abord.
}
moderation-tick-all = Cocher toute la page
moderation-by = De { $author }, depuis le { $when }
moderation-by-itself = se publie d’elle-même le { $day }
moderation-changes = Ce qui a changé depuis sa dernière publication
moderation-unchanged = Rien n’a changé depuis sa dernière publication.
moderation-whole = Lire toute la fiche
moderation-sentence = Une phrase pour la personne qui l’a écrite (obligatoire si vous ne publiez pas)
moderation-tick = Cocher pour une décision commune
moderation-bulk = Décider de toutes les fiches cochées
moderation-bulk-intro = La même décision, et la même phrase, pour chacune.
moderation-bulk-sentence = Une phrase pour toutes (obligatoire si vous ne publiez pas)
moderation-bulk-publish = Publier les fiches cochées
moderation-bulk-send-back = Demander des modifications pour les fiches cochées
moderation-bulk-refuse = Refuser les fiches cochées
moderation-sent-back = En attente de leur auteur
moderation-sent-back-intro = Nous avons demandé des modifications. Ces fiches reviennent ci-dessus dès qu’elles sont modifiées.
moderation-more = { $count ->
    [one] Et une autre fiche.
   *[other] Et { $count } autres fiches.
}
moderation-done-publish = { $count ->
    [one] C’est publié.
   *[other] { $count } fiches sont publiées.
}
moderation-done-send-back = { $count ->
    [one] C’est demandé. La personne qui a écrit la fiche lit votre phrase sur sa page.
   *[other] C’est demandé pour { $count } fiches. Chaque personne lit votre phrase sur sa page.
}
moderation-done-refuse = { $count ->
    [one] C’est refusé. La personne qui a écrit la fiche lit votre phrase sur sa page, et peut la modifier.
   *[other] { $count } fiches sont refusées. Chaque personne lit votre phrase sur sa page, et peut modifier la sienne.
}
moderation-already = { $count ->
    [one] Une fiche n’attendait plus : quelqu’un d’autre a décidé entre-temps, ou son auteur l’a reprise.
   *[other] { $count } fiches n’attendaient plus : quelqu’un d’autre a décidé entre-temps, ou leurs auteurs les ont reprises.
}
moderation-changed = { $count ->
    [one] Une fiche a été modifiée par son auteur pendant que vous la lisiez : relisez-la, elle attend toujours.
   *[other] { $count } fiches ont été modifiées par leurs auteurs pendant que vous les lisiez : relisez-les, elles attendent toujours.
}
moderation-unfit = { $count ->
    [one] Une fiche ne se prête pas à cette décision. Elle attend toujours : prenez-en une autre.
   *[other] { $count } fiches ne se prêtent pas à cette décision. Elles attendent toujours : prenez-en une autre.
}
send-back = Demander des modifications
change-removed = Retiré :
change-added = Ajouté :
problem-record-missing = Cochez au moins une fiche.
problem-sentence-missing = Écrivez au moins une phrase.
problem-cause-missing = Choisissez ce qui ne va pas.

said-yes = oui
said-publish = L’équipe du réseau a publié cette fiche le { $day }, et vous écrit :
said-send-back = L’équipe du réseau a demandé des modifications le { $day } :
said-refuse = L’équipe du réseau n’a pas retenu cette fiche le { $day } :

mail-decided-publish-subject = C’est publié : { $title }
mail-decided-publish-intro = Votre fiche « { $title } » est publiée. Merci de votre contribution.
mail-decided-publish-button = Voir la fiche
mail-decided-send-back-subject = À compléter : { $title }
mail-decided-send-back-intro = Nous avons relu votre fiche « { $title } ». Avant de la publier, nous vous demandons quelques modifications.
mail-decided-send-back-more = Ouvrez la fiche et modifiez-la : elle nous revient aussitôt, et nous la relisons.
mail-decided-send-back-button = Ouvrir la fiche
mail-decided-refuse-subject = Non retenue : { $title }
mail-decided-refuse-intro = Nous avons relu votre fiche « { $title } » et ne l’avons pas retenue. Personne d’autre que vous et l’équipe ne la voit.
mail-decided-refuse-button = Voir la fiche
mail-decided-said = Voici ce que nous vous en disons :

report = Signaler cette fiche
report-title = Signaler : { $title }
report-intro = Dites-nous ce qui ne va pas. L’équipe du réseau le lit et décide. Nous ne gardons ni votre nom ni votre adresse.
report-submit = Envoyer à l’équipe
field-cause = Ce qui ne va pas
field-sentence = En une phrase
cause-inexact = C’est inexact
cause-outdated = Ce n’est plus actuel
cause-against-rules = C’est contraire aux règles
cause-personal-data = Des données personnelles y figurent à tort
cause-other = Autre chose
done-signale = Merci. L’équipe du réseau va regarder cette fiche.

reports-title = Signalements
reports-intro = Ce que des visiteurs disent d’une fiche. Nous ne savons pas de qui cela vient : vérifiez avant d’agir.
reports-none = Aucune fiche n’est signalée.
reports-answer = Une note pour l’équipe (facultatif)
reports-close = Laisser en l’état et clore
reports-gone = Cette fiche n’est plus là, ou plus visible pour nous.
reports-hidden = Cette fiche est déjà masquée ici.
reports-withdrawn = Cette fiche n’est pas publiée en ce moment.
reports-untitled = Une fiche qui n’est plus là
reports-closed = Clos récemment
reports-closed-intro = Ils sont effacés trois mois après.
done-signalement-clos = C’est clos.

roster-title = Les personnes
roster-intro = Toutes celles qui ont un compte ici. Leurs adresses sont pour l’équipe seule.
roster-search = Nom ou adresse
roster-count = { $count ->
    [one] { $count } personne
   *[other] { $count } personnes
}
roster-since = compte ouvert le { $day }
roster-dismiss = Retirer l’accueil
roster-role = Rôle
roster-change-role = Changer le rôle
roster-oneself = C’est vous : quelqu’un d’autre change votre rôle.
roster-nobody = Personne ne correspond.
roster-roles = Un rédacteur ou une rédactrice publie sans relecture et tient les actualités, l’agenda et les ressources du réseau ; seule l’équipe d’animation relit, accueille et masque. Les rôles d’animation et d’administration sont donnés par l’administration.
roster-last-administrator = C’est la dernière personne à administrer ce site : donnez d’abord ce rôle à quelqu’un d’autre.
standing-outside = pas encore dans le réseau
standing-company = au nom d’une entreprise, hors du réseau
standing-team = membre par son rôle
standing-accepted = membre, accueilli·e par l’équipe
standing-structure = membre par sa structure
role-citizen = citoyen ou citoyenne
role-editor = rédacteur ou rédactrice
role-animator = animateur ou animatrice
role-administrator = administrateur ou administratrice
done-personne-accueilli = Cette personne fait maintenant partie du réseau.
done-personne-retire = L’accueil est retiré. Une personne rattachée à une structure, ou qui travaille pour le réseau, reste membre.
done-personne-role = Le rôle est changé. La personne devra se connecter à nouveau.

space-also = Vous pouvez aussi proposer :
space-editor = Vous écrivez pour le réseau, sans relecture :
