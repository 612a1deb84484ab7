# Les courriels, et les phrases qu'ils partagent avec les pages.

reason-structure = Parce que la fiche de { $structure } indique { $concepts }
reason-person = Parce que votre fiche indique { $concepts }
reason-same = « { $concept } »
reason-related = « { $declared } » (proche de « { $wanted } »)
reason-and = { " et " }
reason-distance = , à { $km } km environ
reason-nearby = , à moins d’un kilomètre
reason-area = , dans votre territoire ({ $area })

mail-hello = Bonjour { $name },
mail-hello-visitor = Bonjour,
mail-bye = Bien à vous,
mail-team = L’équipe { $network }
mail-footer = Vous recevez ce message parce que vous avez un compte sur { $network } ({ $origin }).
mail-footer-visitor = Vous recevez ce message parce que votre adresse a été donnée sur { $network } ({ $origin }). Elle reste chez nous et n’est montrée à personne.
mail-unsubscribe = Ne plus recevoir ces messages
mail-unsubscribe-text = Ne plus recevoir ces messages :

mail-notice-subject-demand = On cherche : { $title }
mail-notice-subject-offer = On propose : { $title }
mail-notice-subject-job = Offre d’emploi : { $title }
mail-notice-subject-call = Appel : { $title }
mail-notice-intro = Une annonce vient de paraître qui vous concerne :
mail-notice-button = Voir l’annonce et répondre
mail-from-network = Publié par { $network }

mail-folded-subject = { $count ->
    [one] Une annonce vous concerne
   *[other] { $count } annonces vous concernent
}
mail-folded-intro-at-once = Plusieurs annonces parues hier et aujourd’hui vous concernent. Nous les avons réunies en un seul message :
mail-folded-intro-daily = Voici ce qui est paru depuis hier et qui vous concerne. Vous avez choisi un message par jour :
mail-folded-intro-weekly = Voici ce qui est paru cette semaine et qui vous concerne. Vous avez choisi un message par semaine :
mail-folded-first = Nous montrons ici les { $count } premières ; toutes vous attendent sous « Mes avis ».
mail-folded-button = Voir mes avis

mail-word-subject = Vous avez une réponse : { $title }
mail-word-intro = { $author } vous a écrit au sujet de « { $title } ».
mail-word-privacy = Votre adresse n’a pas été transmise. Pour lire le message et répondre, passez par cette page :
mail-word-button = Lire et répondre

mail-confirm-subject = Confirmez votre réponse : { $title }
mail-confirm-intro = Vous avez écrit une réponse à « { $title } ». Elle n’est pas encore partie : confirmez-la sur cette page.
mail-confirm-ignore = Si vous n’avez rien écrit, ne faites rien : le message ne partira pas.
mail-confirm-button = Confirmer et envoyer

mail-late-subject = Votre message n’est pas encore arrivé : { $title }
mail-late-intro = Votre message au sujet de « { $title } » n’a pas pu être remis jusqu’ici au réseau qui a publié l’annonce.
mail-late-more = Nous l’avons gardé. Vous pouvez le relire ici, ou vous adresser directement à ce réseau.
mail-late-button = Relire mon message
