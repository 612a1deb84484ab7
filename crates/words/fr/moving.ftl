# Une structure change de réseau.
take-in-link = Accueillir cette structure dans notre réseau
take-in-title = Accueillir cette structure ?
take-in = Une fiche de votre réseau reprendra ce qui est montré ici. L’autre réseau le voit sur sa page et décide : quand il laisse partir la sienne, l’ancienne adresse mène à la vôtre, et ses annonces, ses liens et ses accords la suivent. D’ici là, les deux fiches restent visibles.
take-in-button = Accueillir
taken-in-before-title = Vous avez déjà accueilli cette structure
taken-in-before = Votre réseau en a une fiche, que les autres réseaux ne voient pas : elle est retirée, ou réservée à vos membres. Ouvrez-la pour la publier, plutôt que d’en faire une seconde.
taken-in-before-go = Ouvrir la fiche
let-go-title = Laisser partir cette structure ?
let-go = Votre fiche est effacée partout, pour toujours, et son adresse mène à celle de l’autre réseau. Ses annonces restent chez vous et se voient sur sa nouvelle fiche. Ceux qui la modifiaient ici ne le peuvent plus.
let-go-button = Laisser partir
moves-title = Structures qui changent de réseau
moves-intro = Une structure change de réseau quand les deux en sont d’accord : l’un l’accueille depuis sa fiche, l’autre la laisse partir.
moves-departures = Départs demandés
moves-departures-intro = Un autre réseau a accueilli ces structures. Assurez-vous auprès d’elles que c’est leur souhait avant de les laisser partir. Sinon, refusez : votre fiche reste la vôtre.
moves-no-departures = Aucun réseau n’a demandé à accueillir l’une de vos structures.
moves-let-go = Laisser partir…
moves-refuse = Refuser
moves-refused = Départs refusés
moves-refused-intro = Ces structures restent chez vous. L’autre réseau n’en est pas averti, et sa fiche reste une fiche à part : appelez-le, ou masquez-la ici depuis sa page si elle trompe vos visiteurs.
moves-reconsider = Y revenir
moves-arrivals = Arrivées en attente
moves-arrivals-intro = Vous avez accueilli ces structures ; leur réseau d’avant ne les a pas encore laissées partir.
moves-no-arrivals = Aucune arrivée en attente.
network-moves-intro = Une structure peut passer d’un réseau à un autre, quand les deux en sont d’accord.
network-moves-asked = { $count ->
    [one] Un réseau a accueilli l’une des vôtres et attend votre décision.
   *[other] { $count } demandes attendent votre décision.
}
network-moves = Voir celles qui changent de réseau
done-accueillie = La fiche est publiée ici. L’autre réseau voit votre demande et peut laisser partir la sienne.
done-laissee = C’est fait : l’adresse de votre fiche mène maintenant à celle de l’autre réseau.
done-refusee = C’est noté : votre fiche reste en place, et ce départ ne vous est plus demandé.
done-reconsideree = Ce départ attend de nouveau votre décision.
