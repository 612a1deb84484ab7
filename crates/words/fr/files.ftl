# Files of documents: how one is chosen, replaced and taken away, what is wrong with one, and how it is had.

field-file = Fichier
help-file = Le document lui-même, de 10 Mo au plus : PDF, OpenDocument (ODT, ODS, ODP), Word, Excel ou PowerPoint sans macros (DOCX, XLSX, PPTX), EPUB, CSV ou texte. Il est donné tel quel : ce que votre logiciel y a noté, comme votre nom, y reste.
help-document-link = Une adresse web, qui commence par https://. Donnez un lien, un fichier, ou les deux.

file-choose = Choisir un fichier
file-replace = Choisir un autre fichier
file-remove = Retirer le fichier
file-another = un autre fichier

file-download = Télécharger ({ $told })
file-not-here = Le fichier ({ $told }) n’est pas encore arrivé ici.
file-at-home = Le voir chez { $network }
file-missing-title = Ce fichier n’est plus ici
file-missing = Il a été donné avec cette ressource, mais nous ne le retrouvons pas. La page d’origine de la ressource dit comment l’obtenir.
file-go-record = Aller à la ressource

file-size-bytes = { $size } octets
file-size-kilo = { $size } ko
file-size-mega = { $size } Mo

file-sort-pdf = PDF
file-sort-odt = texte ODT
file-sort-ods = feuille de calcul ODS
file-sort-odp = présentation ODP
file-sort-docx = texte Word
file-sort-xlsx = feuille de calcul Excel
file-sort-pptx = présentation PowerPoint
file-sort-epub = livre EPUB
file-sort-csv = tableau CSV
file-sort-txt = fichier texte

problem-link-missing = Donnez l’adresse de la ressource, ou joignez-la en fichier.
problem-file-missing = Ce fichier n’a pas de nom.
problem-file-too-heavy = Ce fichier est trop lourd : il pèse au plus { $limit } Mo. Réduisez-le, ou donnez un lien vers l’endroit où il se trouve.
problem-not-a-file = Nous ne prenons pas ce type de fichier. Choisissez un PDF, un fichier OpenDocument (ODT, ODS, ODP), Word, Excel ou PowerPoint récent (DOCX, XLSX, PPTX), EPUB, CSV ou texte.
problem-empty-file = Ce fichier est vide. Vérifiez qu’il est bien enregistré, puis choisissez-le de nouveau.
problem-file-disagrees = Ce fichier n’est pas ce que son nom annonce, ou il est abîmé. Ouvrez-le, enregistrez-le de nouveau dans le format voulu, puis choisissez-le.
problem-file-has-macros = Ce fichier contient des macros, un programme ou un objet d’un autre logiciel, que nous ne prenons pas. Enregistrez-le sans eux, ou en PDF.
problem-no-room = Il n’y a plus de place pour ce fichier : tous vos fichiers ensemble pèsent au plus { $limit } Mo. Retirez-en un d’une ressource plus ancienne, ou donnez ici un lien vers l’endroit où celui-ci se trouve.
problem-not-plain-text = Ce fichier n’est pas un texte que nous prenons : il faut du texte simple, en UTF-8 ou en Windows-1252, et non une page web (rien qui commence par « < »). Enregistrez-le ainsi, ou en PDF, puis choisissez-le de nouveau.
problem-choose-again = Ce fichier n’est plus là : choisissez-le de nouveau.
