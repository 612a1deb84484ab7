# La reprise des fiches venues d'une ancienne base : la demande, la campagne, l'import sur les pages.

mail-claim-subject = Reprendre la fiche « { $structure } »
mail-claim-intro = Quelqu’un a demandé, sur { $network }, à reprendre la fiche de « { $structure } ». Cette adresse y figure : c’est à vous de décider.
mail-claim-how = Si c’est vous ou l’un des vôtres, ouvrez le lien ci-dessous, puis connectez-vous ou créez un compte. Le lien vaut { $days } jours et ne sert qu’une fois.
mail-claim-ignore = Sinon, ne faites rien : sans ce lien, rien ne change.
mail-claim-button = Reprendre la fiche
mail-claim-footer = Vous recevez ce message parce que cette adresse figure sur la fiche de votre structure sur { $network } ({ $origin }).
mail-claim-stop = Ce n’est pas nous, ou ne plus nous écrire à ce sujet
mail-takeover-subject = { $structure } : votre fiche est en ligne, reprenez-la
mail-takeover-intro = La fiche de « { $structure } » est en ligne sur { $network }. Elle vient d’un ancien annuaire, et personne ne s’en occupe encore.
mail-takeover-how = Reprenez-la : vous pourrez la corriger, la compléter et publier vos annonces. Ouvrez le lien ci-dessous, puis connectez-vous ou créez un compte. Le lien vaut { $days } jours et ne sert qu’une fois.
mail-takeover-not-us = Ce n’est pas votre structure, ou vous ne souhaitez plus de message à ce sujet ? Le lien au bas de ce message suffit, sans compte.

claim-question = C’est votre structure ?
claim-question-intro = Personne ne s’occupe encore de cette fiche. Reprenez-la pour la corriger, la compléter et publier vos annonces.
claim-ask-letter = Recevoir le lien de reprise
claim-ask-letter-help = Le lien part à l’adresse électronique de la structure, si nous en connaissons une. Nous ne montrons pas laquelle.
claim-ask-team = Ou demander à l’équipe du réseau
claim-ask-team-only = Demander à l’équipe du réseau
done-reprise-demandee = C’est noté. Si une adresse est connue pour cette structure, un message y part avec un lien valable 14 jours. Un seul message part par jour ; sans nouvelles, demandez à l’équipe du réseau.
done-repris = Merci ! Vous vous occupez maintenant de cette fiche : relisez-la et complétez-la.
claim-take-title = Reprendre la fiche « { $structure } »
claim-take-intro = Ce lien a été envoyé à l’adresse de « { $structure } ». Qui reprend la fiche peut la modifier et publier au nom de la structure.
claim-take = Si vous parlez au nom de cette structure, confirmez. Le lien ne servira plus ensuite.
claim-take-button = Reprendre la fiche
claim-sign-in-title = Reprendre la fiche
claim-sign-in = Connectez-vous, ou créez un compte en une minute : vous reviendrez ici pour confirmer.
claim-over-title = Ce lien ne sert plus
claim-over-intro = Le lien concernait la fiche de « { $structure } ».
claim-taken-intro = Vous demandiez un lien pour la fiche de « { $structure } ».
claim-over = Il a déjà servi, il est trop ancien, ou la fiche a changé depuis. Vous pouvez demander à l’équipe du réseau de vous rattacher à la structure.
claim-over-ask = Demander à l’équipe
claim-taken-title = Quelqu’un s’occupe déjà de cette fiche
claim-taken = Elle a été reprise depuis que vous avez ouvert sa page, ou l’était déjà : il n’y a plus de lien à recevoir. Si c’est aussi votre structure, demandez à l’équipe du réseau de vous y rattacher.
claim-taken-page = Voir la fiche
claim-gone-title = Cette fiche n’est plus en ligne
claim-gone = Elle a été retirée depuis que ce lien vous a été envoyé : il n’y a plus rien à reprendre. Si votre structure a sa place ici, ajoutez-la vous-même : vous vous occuperez aussitôt de sa fiche.
claim-stop-title = Ne plus recevoir ces messages
claim-stop = Cette adresse ne recevra plus aucun message au sujet de la reprise d’une fiche. Nous n’en gardons qu’une empreinte, pour nous en souvenir.
claim-stop-button = Ne plus nous écrire
claim-stopped-title = C’est entendu
claim-stopped = Nous n’écrirons plus à cette adresse à ce sujet.

network-takeover = Fiches reprises d’un ancien annuaire
network-takeover-intro = Importez un ancien fichier, puis invitez les structures à reprendre leur fiche.
go-import = Importer un ancien fichier
go-campaign = Écrire aux structures dont la fiche attend

campaign-title = Votre fiche est en ligne, reprenez-la
campaign-intro = Écrivez une fois à toutes les structures dont la fiche vient d’un ancien annuaire et que personne n’a reprise.
campaign-unclaimed = { $count ->
    [0] aucune fiche en ligne n’attend d’être reprise
    [one] { $count } fiche en ligne attend d’être reprise
   *[other] { $count } fiches en ligne attendent d’être reprises
}
campaign-with-address = { $count ->
    [0] aucune n’a d’adresse électronique
    [one] { $count } a une adresse électronique
   *[other] { $count } ont une adresse électronique
}
campaign-recent = { $count ->
    [0] aucune n’a été invitée ces 90 derniers jours
    [one] { $count } a été invitée ces 90 derniers jours, ou va l’être
   *[other] { $count } ont été invitées ces 90 derniers jours, ou vont l’être
}
campaign-refused = { $count ->
    [0] aucune n’a refusé ces messages
    [one] { $count } ne veut plus de ces messages
   *[other] { $count } ne veulent plus de ces messages
}
campaign-asked = { $sent ->
    [one] Un lien demandé depuis la page d’une structure est parti
   *[other] { $sent } liens demandés depuis la page d’une structure sont partis
} ; fiches reprises depuis : { $taken }.
campaign-write = Écrire
campaign-without-mail = Aucun serveur de courriel n’est réglé sur ce site : rien ne peut partir. La personne qui l’administre peut en indiquer un.
campaign-nobody = Il n’y a personne à qui écrire pour l’instant : les fiches sont reprises, n’ont pas d’adresse, ou ont été invitées il y a moins de 90 jours.
campaign-preview = Voici le message, mot pour mot, tel que la première structure le recevra. Chacune reçoit son propre lien, valable 90 jours.
campaign-letter = Le message
campaign-subject = Objet :
campaign-pace = Les messages partent peu à peu, soixante par minute au plus. Une structure qui reprend sa fiche entre-temps n’en reçoit pas, et aucune n’est invitée de nouveau avant 90 jours.
campaign-go = { $count ->
    [one] Écrire à une structure
   *[other] Écrire à { $count } structures
}
campaign-history = Ce qui est parti
campaign-none = Rien n’est encore parti.
campaign-begun = Campagne commencée le { $when }
campaign-last = dernier envoi le { $when }
campaign-sent = { $count ->
    [0] aucun message parti
    [one] { $count } message parti
   *[other] { $count } messages partis
}
campaign-due = { $count ->
    [one] { $count } à envoyer
   *[other] { $count } à envoyer
}
campaign-undeliverable = { $count ->
    [one] { $count } refusé par le serveur de courriel
   *[other] { $count } refusés par le serveur de courriel
}
campaign-taken = { $count ->
    [0] aucune fiche reprise depuis
    [one] { $count } fiche reprise depuis
   *[other] { $count } fiches reprises depuis
}
campaign-stop = Arrêter l’envoi
done-reprise-ecrit = C’est lancé : les messages partent peu à peu.
done-reprise-arrete = L’envoi est arrêté. Ce qui est parti est parti ; le reste ne partira pas.

import-title = Importer un ancien fichier
import-intro = Reprenez les structures d’un fichier de la BDIS (2012 ou 2014). Vous verrez d’abord ce qu’il deviendrait ; rien n’est écrit avant votre accord.
import-bench = voir où il en est
import-bench-done = voir le résultat
import-choose-file = Fichier
import-choose-file-help = Au format CSV, 20 Mo au plus. L’encodage, le séparateur et la présentation sont reconnus. Le fichier est effacé après l’import, ou au bout d’un jour.
import-audience = Qui verra les fiches
import-contacts = Qui verra téléphones et courriels
import-contacts-help = Jamais plus de monde que la fiche elle-même.
import-look = Voir ce qu’il deviendrait
import-look-help = Rien n’est encore écrit.
import-expected = Colonnes attendues pour { $layout }
import-runs = Imports passés
import-no-runs = Aucun fichier n’a encore été importé.
import-relations = { $count ->
    [one] { $count } lien déclaré
   *[other] { $count } liens déclarés
}
import-rows = { $count ->
    [0] plus aucune fiche
    [one] { $count } fiche
   *[other] { $count } fiches
}
import-run-finished = terminé le { $when }
import-run-undone = annulé le { $when }
import-run-begun = commencé le { $when } et interrompu : choisissez de nouveau le même fichier, il reprendra où il en était
done-import-laisse = Le fichier est effacé. Rien n’a été écrit.
done-import-absent = Ce fichier n’est plus là : il a été laissé, un autre a été choisi depuis, peut-être par quelqu’un d’autre de l’équipe, ou le site a redémarré. Pour continuer, choisissez-le de nouveau. Ce qui était entré l’est toujours ; un import interrompu reprendra où il en était.

import-of-file = Fichier { $file }
import-of-run = Annulation de l’import n° { $run }
import-stage-reading = Le fichier est lu. Rien n’est encore écrit.
import-stage-read = Voici ce que deviendrait ce fichier. Rien n’est encore écrit.
import-stage-read-nothing = Ce fichier n’apporterait rien : ce qu’il dit est déjà là, ou ne peut pas entrer.
import-stage-entering = L’import est en cours. Vous pouvez quitter cette page, il continue.
import-stage-entered = L’import est terminé.
import-stage-entered-nothing = Rien n’a changé : ce que dit le fichier est déjà là, ou ne peut pas entrer.
import-stage-undoing = L’import est en cours d’annulation. Vous pouvez quitter cette page, cela continue.
import-stage-undone = L’import est annulé.
import-progress-reading = Lecture : { $done } lignes sur { $of }. Chacune sera ensuite comparée à ce qui est déjà là.
import-progress-comparing = Comparaison avec ce qui est déjà là : { $done } lignes sur { $of }.
import-progress-entering = Enregistrement : { $done } lignes sur { $of }.
import-progress-undoing = Annulation : { $done } fiches sur { $of }.
import-members = Déjà tenues par d’autres réseaux
import-members-intro = La fiche de ces structures reste chez le réseau qui la tient. Si elles sont aussi membres du vôtre, dites-le : leur page le montrera, et elles pourront le confirmer. Si l’import est annulé, ces liens le sont aussi.
import-members-network = La fiche de votre réseau
import-members-network-help = C’est à elle que les structures seront liées. Si elle n’existe pas encore, créez-la comme celle de toute structure.
import-members-which = Membres de notre réseau
import-members-some = Déclarer membres les structures cochées
import-members-all = Les déclarer toutes membres
import-members-more = { $count ->
    [one] Une autre n’est pas montrée ici ; elle sera déclarée avec toutes.
   *[other] { $count } autres ne sont pas montrées ici ; elles seront déclarées avec toutes.
}
import-members-declared = { $count ->
    [one] Une structure est déjà déclarée membre.
   *[other] { $count } structures sont déjà déclarées membres.
}
done-membres = { $count ->
    [0] Aucune structure n’a été déclarée.
    [one] Une structure est déclarée membre de notre réseau.
   *[other] { $count } structures sont déclarées membres de notre réseau.
}
done-membres-sans = Choisissez d’abord la fiche de votre réseau : nous n’en connaissons pas ici qui porte ce nom.
import-comes-again = Cette page se met à jour toute seule.
import-now = Mettre à jour maintenant
import-goes-on = Un import de ce même fichier avait été interrompu : il reprendra où il en était.
import-went-on = Un import de ce même fichier avait été interrompu ; ce qui manquait est entré maintenant.
import-undone = Fiches supprimées : { $deleted }. Fiches remises comme avant : { $restored }.
import-as-before = Tout est comme avant l’import.
import-not-as-before = D’autres fiches ont été créées, modifiées ou conservées depuis ; tout n’est donc pas comme avant l’import.
import-left = Fiches conservées
import-left-changed = quelqu’un l’a modifiée depuis
import-left-claimed = quelqu’un s’en occupe, ou l’a demandé
import-left-named = d’autres fiches la citent
import-enter = Importer
import-again = Essayer de nouveau
import-leave = Renoncer et effacer le fichier
import-on = Continuer
import-change = Changer qui verra quoi
import-look-anew = Relire le fichier ainsi
import-facts = { $layout }, { $rows } lignes, encodage { $encoding }, séparateur { $separator }
import-tab = tabulation
import-count-entered = { $count ->
    [0] aucune fiche nouvelle
    [one] { $count } fiche nouvelle
   *[other] { $count } fiches nouvelles
}
import-count-filled = { $count ->
    [0] aucune fiche complétée
    [one] { $count } fiche complétée
   *[other] { $count } fiches complétées
}
import-count-unchanged = { $count ->
    [0] aucune fiche inchangée
    [one] { $count } fiche inchangée
   *[other] { $count } fiches inchangées
}
import-count-elsewhere = { $count ->
    [one] { $count } déjà tenue par un autre réseau
   *[other] { $count } déjà tenues par d’autres réseaux
}
import-count-out = { $count ->
    [0] aucune ligne écartée
    [one] { $count } ligne écartée
   *[other] { $count } lignes écartées
}
import-count-without-place = { $count ->
    [one] { $count } sans commune
   *[other] { $count } sans commune
}
import-columns = Colonnes
import-columns-unknown = inconnues, non lues
import-columns-missing = absentes du fichier
import-columns-dropped = dont rien n’est gardé
import-remarks = Remarques
import-no-remarks = Rien à signaler.
import-report = Télécharger toutes les remarques (CSV)
import-rejected = Télécharger les lignes écartées, à corriger et à importer de nouveau (CSV)
import-whole-row = ligne entière
import-at-line = Ligne { $line }
import-more = { $count ->
    [one] et une autre, dans le fichier des remarques
   *[other] et { $count } autres, dans le fichier des remarques
}
import-sort-out = Lignes qui n’entrent pas
import-sort-left = Valeurs laissées de côté
import-sort-mended = Valeurs corrigées
import-sort-doubtful = À vérifier
import-sort-told = Pour information
import-undo-go = Annuler cet import
import-undo-title = Annuler cet import ?
import-undo-intro = Il s’agit de l’import du fichier « { $file } ».
import-undo = Les fiches créées par cet import seront supprimées, et celles qu’il a complétées redeviendront comme avant. Ce que quelqu’un a modifié, repris ou cité depuis est conservé et vous sera indiqué.
import-undo-button = Annuler cet import
import-undone-before-title = Cet import est déjà annulé
import-undone-before = L’import du fichier « { $file } » est { $standing }. Il n’y a plus rien à annuler.
import-undone-go = Voir les imports
import-fault-none = Choisissez un fichier.
import-fault-empty = Ce fichier est vide.
import-fault-large = Ce fichier dépasse 20 Mo. Coupez-le en plusieurs fichiers, chacun avec sa ligne d’en-tête.
import-fault-spreadsheet = C’est le fichier propre d’un tableur. Ouvrez-le dans le tableur et enregistrez-le au format CSV.
import-fault-access = C’est une base de données Access. Exportez sa table au format CSV.
import-fault-no-table = Ce fichier n’est pas un tableau de texte (CSV).
import-fault-no-layout = Les colonnes de ce fichier ne sont celles d’aucune présentation connue. La première ligne doit porter les noms de colonnes indiqués ci-dessous.
import-fault-no-run = Cet import n’existe pas, ou il a déjà été annulé.
import-fault-busy-title = Un import est en cours
import-fault-busy = Un autre import est en cours, ici ou sur le serveur. Attendez qu’il soit terminé, puis essayez de nouveau.
import-fault-inner = L’import s’est arrêté. Ce qui était entré l’est toujours ; essayez de nouveau, il reprendra où il en était. Si cela se répète, prévenez la personne qui administre ce site.
