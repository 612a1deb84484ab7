# Pictures of records: how they are chosen, described and taken away, and what is wrong with one.

field-picture = Image
help-picture = Une photo ou un logo, en JPEG, PNG ou WebP, de 5 Mo au plus. Les informations cachées dans le fichier, comme le lieu de la prise de vue, sont retirées.
field-picture-alt = Description de l’image
help-picture-alt = Ce que montre l’image, en une phrase : c’est ce que liront les personnes qui ne la voient pas. Par exemple : « Deux bénévoles réparent un vélo dans l’atelier ».

picture-choose = Choisir une image
picture-replace = Choisir une autre image
picture-remove = Retirer l’image
picture-current = L’image actuelle, sans description pour l’instant
picture-another = une autre image

problem-picture-missing = Choisissez l’image que vous décrivez, ou effacez sa description.
problem-picture-alt-missing = Décrivez l’image en une phrase, pour les personnes qui ne la voient pas.
problem-not-a-picture = Ce fichier n’est pas une image que nous savons lire. Choisissez une image JPEG, PNG ou WebP.
problem-picture-choose-again = Cette image n’est plus là : choisissez-la de nouveau.
problem-too-heavy = Ce fichier est trop lourd : une image pèse au plus { $limit } Mo.
problem-too-many-points = Cette image est trop grande : elle compte au plus { $limit } millions de points. Réduisez-la avant de l’envoyer.
