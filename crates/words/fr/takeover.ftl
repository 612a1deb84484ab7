# La reprise des fiches venues d'une ancienne base : la demande, la campagne, l'import sur les pages.

mail-claim-subject = Reprendre la fiche de { $structure }
mail-claim-intro = Quelqu’un a demandé, sur { $network }, à reprendre la fiche de « { $structure } ». Cette adresse y figure : c’est à vous de décider.
mail-claim-how = Si c’est vous ou l’un des vôtres, ouvrez le lien ci-dessous, puis connectez-vous ou créez un compte. Le lien vaut { $days } jours et ne sert qu’une fois.
mail-claim-ignore = Sinon, ne faites rien : sans ce lien, rien ne change.
mail-claim-button = Reprendre la fiche
mail-claim-footer = Vous recevez ce message parce que cette adresse figure sur la fiche de votre structure sur { $network } ({ $origin }). Nous ne l’avons transmise à personne.
mail-claim-stop = Ce n’est pas nous, ou ne plus nous écrire à ce sujet
mail-takeover-subject = { $structure } : votre fiche est en ligne, reprenez-la
mail-takeover-intro = La fiche de « { $structure } » est en ligne sur { $network }. Elle vient d’un ancien annuaire, et personne ne s’en occupe encore.
mail-takeover-how = Reprenez-la : vous pourrez la corriger, la compléter et publier vos annonces. Ouvrez le lien ci-dessous, puis connectez-vous ou créez un compte. Le lien vaut { $days } jours et ne sert qu’une fois.
mail-takeover-not-us = Ce n’est pas votre structure, ou vous ne souhaitez plus de message à ce sujet ? Le lien au bas de ce message suffit, sans compte.
