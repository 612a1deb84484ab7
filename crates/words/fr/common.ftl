# Ce que plusieurs pages disent.

results = { $count ->
    [one] { $count } résultat
   *[other] { $count } résultats
}
from-network = Par le réseau { $network }
until = jusqu’au { $day }
published-on = Publié le { $day }
ended-on = Publication terminée le { $day }
entered-on = Saisi le { $day }, non publié
never = jamais
nobody = auteur inconnu
required = (obligatoire)
save = Enregistrer
cancel = Annuler
confirm = Confirmer
accept = Accueillir dans le réseau
publish = Publier
refuse = Refuser
skip = Aller au contenu

nav-main = Rubriques
nav-me = Mon compte
nav-structures = Structures
nav-exchanges = Annonces
nav-agenda = Agenda
nav-articles = Actualités
nav-jobs = Emplois
nav-calls = Appels
nav-products = Produits et services
nav-documents = Ressources
nav-more = Autres rubriques
nav-notices = Mes avis
nav-space = Mon espace
nav-network = Le réseau
nav-sign-in = Se connecter
nav-sign-up = S’inscrire
nav-sign-out = Se déconnecter
footer = Plateforme d’échanges solidaires : ce qui est saisi une fois ici est visible dans tous les réseaux affiliés. Chaque réseau reste maître de ses données.

go-home = Retour à l’accueil
go-back = Retour
go-space = Mon espace
go-sign-in = Se connecter
go-sign-up = S’inscrire

badge-offer = Je propose
badge-demand = Je recherche
badge-structure = Structure
badge-event = Évènement
badge-article = Actualité
badge-product = Produit ou service
badge-project = Projet
badge-company = Entreprise
badge-person = Personne
badge-membership = Engagement
badge-affiliation = Réseau affilié

direction-offer = Je propose
direction-demand = Je recherche
state-open = Ouverte
state-answered = J’ai reçu des réponses
state-met = J’ai trouvé
event-state-planned = Oui
event-state-cancelled = Annulé
event-state-postponed = Reporté
when-cancelled = { $when } – annulé
called-off = annulée
called-off-dates = { $count ->
        [one] Date annulée :
       *[other] Dates annulées :
    }
when-postponed = { $when } – reporté
when-at = { $day } à { $from }
when-from-to = { $day }, de { $from } à { $to }
all-day = toute la journée
hours-at = à { $from }
hours-from-to = de { $from } à { $to }
when-days = du { $day } au { $until }
again-never = Une seule fois
again-weekly = chaque semaine, le même jour
again-fortnightly = toutes les deux semaines
again-monthly-by-weekday = chaque mois, le même jour de la semaine
again-monthly-by-date = chaque mois, à la même date
again-yearly = chaque année
again-other = selon une règle particulière
again-until = { $again }, jusqu’au { $day }
purchase-from = se fait à partir de { $threshold } { $unit }
label-since = { $label } (depuis le { $from })
label-until = { $label } (jusqu’au { $until })
label-between = { $label } (du { $from } au { $until })
stands-draft = brouillon
stands-proposed = en attente de publication
stands-published = publiée
stands-incomplete = à compléter
stands-refused = refusée
stands-blocked = bloquée
stands-expired = expirée
right-asked = rattachement demandé
right-edit = vous pouvez modifier la fiche
right-member = vous en faites partie

audience-public = Tout le monde
audience-affiliates = Les membres de notre réseau et des réseaux affiliés
audience-network = Les membres de notre réseau seulement
audience-private = Vous et l’équipe du réseau seulement
audience-same = comme toute la fiche : { $audience }
form-audience = Sauf choix contraire à côté d’un champ, ce que vous saisissez sera visible par : { $audience }. Cela se choisit au bas du formulaire.
who-sees-field = Qui verra ce champ ?

failure-absent-title = Page introuvable
failure-absent = Il n’y a rien à cette adresse, ou ce n’est plus visible. Vérifiez le lien, ou repartez de l’accueil.
failure-sign-in-title = Connectez-vous d’abord
failure-sign-in = Cette page demande un compte. Connectez-vous, ou inscrivez-vous : c’est gratuit et cela prend une minute.
failure-forbidden-title = Cette page ne vous est pas ouverte
failure-forbidden = Elle est réservée à l’équipe du réseau. Si vous pensez devoir y accéder, écrivez-lui.
failure-stale-title = Le formulaire a expiré
failure-stale = Par sécurité, ce formulaire n’a pas été pris en compte : il était ouvert depuis trop longtemps, ou vous vous êtes connecté·e entre-temps. Revenez en arrière : ce que vous avez saisi s’y trouve encore. Rechargez ensuite la page et envoyez-le de nouveau.
failure-heavy-title = Fichier trop lourd
failure-heavy = Le fichier joint est trop lourd pour être reçu. Revenez en arrière : ce que vous avez saisi y est d’ordinaire encore. Choisissez un fichier de 10 Mo au plus (une image de 5 Mo au plus), ou donnez un lien.
failure-form-title = Formulaire illisible
failure-form = Le formulaire reçu est trop long, incomplet ou illisible. Revenez en arrière, raccourcissez le texte et envoyez-le de nouveau.
failure-too-often-title = Un instant, s’il vous plaît
failure-too-often = Trop d’envois en peu de temps. Attendez { $wait }, revenez en arrière et réessayez : rien n’est perdu.
wait-minutes = { $count ->
    [one] une minute
   *[other] { $count } minutes
}
wait-hours = { $count ->
    [one] une heure
   *[other] { $count } heures
}
wait-day = jusqu’à demain
failure-busy-title = Encore un instant
failure-busy = Beaucoup de personnes se connectent en ce moment. Attendez quelques secondes, revenez en arrière et réessayez : ce que vous avez saisi s’y trouve encore.
failure-not-yet-title = Encore un instant
failure-not-yet = Ce site vient d’être remis en service et vérifie qu’il ne lui manque rien. Revenez en arrière et réessayez dans quelques minutes : ce que vous avez saisi s’y trouve encore.
failure-returning-title = Ce site revient dans quelques minutes
failure-returning = Ce site vient d’être remis en service à partir d’une sauvegarde. Avant de montrer quoi que ce soit, il demande aux autres réseaux ce qui a changé depuis : ce qui a été supprimé entre-temps ne doit pas réapparaître. Revenez dans quelques minutes.
failure-full-title = Rien ne peut être enregistré pour l’instant
failure-full = Ce site n’a plus de place pour écrire ; la personne qui s’en occupe peut y remédier. La consultation continue. Revenez en arrière et réessayez plus tard : ce que vous avez saisi s’y trouve encore.
failure-unkept-title = Rien ne peut être enregistré pour l’instant
failure-unkept = Le disque de ce site ne garde plus ce qui y est écrit : la personne qui s’en occupe doit le vérifier, et nous ne savons pas si votre dernier envoi sera conservé. Revenez en arrière, gardez une copie de ce que vous avez saisi, et réessayez plus tard. La consultation continue.
failure-inner-title = Quelque chose n’a pas marché
failure-inner = La panne vient de chez nous et elle est notée. Rien de ce qui était enregistré n’est perdu. Revenez en arrière et réessayez dans quelques minutes.
