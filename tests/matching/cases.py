"""Sentences as people write them, with the skills they hold and those set aside, judged by reading alone."""

# (text, codes held, codes set aside)
CASES: list[tuple[str, set[str], set[str]]] = [
    # accents, plurals, verbs and nouns
    ("J'ai conduit des bioréacteurs de 200 litres pendant ma licence.", {"bioreactor-operation"}, set()),
    (
        "Conduite de bioreacteurs et preparation de milieux de culture",
        {"bioreactor-operation", "cell-culture-media-preparation"},
        set(),
    ),
    (
        "Je prépare des tampons et je remplis le dossier de lot.",
        {"buffer-preparation", "batch-documentation"},
        set(),
    ),
    ("Préparation de milieux et de tampons", {"cell-culture-media-preparation", "buffer-preparation"}, set()),
    (
        "Nous avons réalisé des connexions aseptiques et des soudures de tubulures.",
        {"aseptic-connections", "tube-welding"},
        set(),
    ),
    ("LYOPHILISATION DE FLACONS", {"freeze-drying"}, set()),
    (
        "J'ai suivi des études de stabilité et dosé les endotoxines.",
        {"stability-studies", "endotoxin-testing"},
        set(),
    ),
    ("Mise en œuvre de systèmes à usage unique", {"single-use-systems"}, set()),
    ("Cytométrie en flux 😀 et électrophorèse", {"flow-cytometry", "electrophoresis"}, set()),
    (
        "Bonnes pratiques de fabrication, habillage en zone à atmosphère contrôlée",
        {"gmp", "cleanroom-gowning"},
        set(),
    ),
    (
        "maintenance préventive et corrective des lignes",
        {"preventive-maintenance", "corrective-maintenance"},
        set(),
    ),
    ("Gestion des déviations et des CAPA", {"deviation-management", "capa-management"}, set()),
    ("J'ai cryoconservé des cellules en azote liquide", {"cryopreservation"}, set()),
    (
        "purification de protéines par chromatographie d'affinité",
        {"chromatography-purification", "affinity-chromatography"},
        set(),
    ),
    ("J'ai encadré une équipe de six opérateurs.", {"team-leadership"}, set()),
    # acronyms
    ("Travail en BPF, HPLC au quotidien", {"gmp", "hplc-analysis"}, set()),
    ("ZAC, TFF, NEP/CIP", {"cleanroom-gowning", "tangential-flow-filtration", "clean-in-place"}, set()),
    ("les B.P.F. n'ont pas de secret", {"gmp"}, set()),
    ("j'ai fait de l'elisa et de la qPCR", {"elisa-assays", "qpcr-assays"}, set()),
    ("formée aux bpf", {"gmp"}, set()),
    ("Validation QI/QO", {"equipment-qualification"}, set()),
    ("Utilisation de SAP et d'un LIMS", {"erp-use", "lims-use"}, set()),
    # words that look like acronyms
    ("MES COMPÉTENCES", set(), set()),
    ("SEP 2021 - JUIN 2022", set(), set()),
    ("mes collègues et moi, fat, sat, pat et sep", set(), set()),
    ("Elisa a un cip dans son gel", set(), set()),
    # denials
    ("Je n'ai jamais travaillé en zone stérile.", set(), {"cleanroom-gowning"}),
    ("Sans expérience BPF, je maîtrise la HPLC.", {"hplc-analysis"}, {"gmp"}),
    (
        "Je ne connais pas la qPCR, ni l'ELISA, ni la HPLC.",
        set(),
        {"qpcr-assays", "elisa-assays", "hplc-analysis"},
    ),
    (
        "Pas d'expérience en lyophilisation, mais j'ai fait du remplissage aseptique.",
        {"aseptic-filling"},
        {"freeze-drying"},
    ),
    ("Aucune connaissance des techniques suivantes : HPLC, ELISA.", set(), {"hplc-analysis", "elisa-assays"}),
    ("La HPLC, je ne connais pas.", set(), {"hplc-analysis"}),
    ("ZAC : jamais. BPF : oui.", {"gmp"}, {"cleanroom-gowning"}),
    ("pas encore formé à l'ELISA", set(), {"elisa-assays"}),
    ("Je connais tout le procédé sauf la lyophilisation.", set(), {"freeze-drying"}),
    (
        "No experience with HPLC, but five years of cell culture.",
        {"mammalian-cell-culture"},
        {"hplc-analysis"},
    ),
    ("I have never worked in a cleanroom.", set(), {"cleanroom-gowning"}),
    ("I don't know flow cytometry.", set(), {"flow-cytometry"}),
    # false denials
    (
        "Pas seulement la culture cellulaire mais aussi la lyophilisation",
        {"mammalian-cell-culture", "freeze-drying"},
        set(),
    ),
    (
        "Non seulement je fais de la HPLC, mais j'anime aussi les audits internes.",
        {"hplc-analysis", "internal-audit"},
        set(),
    ),
    ("Not only HPLC but also ELISA assays", {"hplc-analysis", "elisa-assays"}, set()),
    ("Je n'ai jamais eu de problème avec les BPF.", {"gmp"}, set()),
    ("Je n'ai fait que de la HPLC.", {"hplc-analysis"}, set()),
    ("Cinq ans de HPLC sans aucun incident", {"hplc-analysis"}, set()),
    ("Jamais en retard, rigueur.", {"rigour"}, set()),
    # wishes
    (
        "Je souhaite découvrir la culture cellulaire et la lyophilisation.",
        set(),
        {"mammalian-cell-culture", "freeze-drying"},
    ),
    ("J'aimerais apprendre la filtration tangentielle.", set(), {"tangential-flow-filtration"}),
    ("I would like to learn flow cytometry.", set(), {"flow-cytometry"}),
    (
        "Je veux apprendre la lyophilisation et j'ai trois ans de remplissage aseptique.",
        {"aseptic-filling"},
        {"freeze-drying"},
    ),
    ("Intéressée par la cytométrie en flux", set(), {"flow-cytometry"}),
    ("Je vais apprendre la lyophilisation.", set(), {"freeze-drying"}),
    ("Je cherche un poste en remplissage aseptique.", set(), {"aseptic-filling"}),
    # false wishes
    (
        "Je compte les cellules et je fais de la cytométrie en flux.",
        {"cell-counting", "flow-cytometry"},
        set(),
    ),
    ("Je recherche les mycoplasmes par qPCR.", {"qpcr-assays", "mycoplasma-testing"}, set()),
    ("J'aimerais mettre à profit mon expérience en remplissage aseptique.", {"aseptic-filling"}, set()),
    ("J'ai pu découvrir la cytométrie en flux en stage.", {"flow-cytometry"}, set()),
    ("En reconversion après douze ans de maintenance préventive", {"preventive-maintenance"}, set()),
    # English
    ("Aseptic filling and freeze-drying of vials", {"aseptic-filling", "freeze-drying"}, set()),
    ("Preventive and corrective maintenance", {"preventive-maintenance", "corrective-maintenance"}, set()),
    ("Bioreactor operation under GMP", {"bioreactor-operation", "gmp"}, set()),
    # misspellings
    ("chromatogaphie d'affinité et lyophylisation", {"affinity-chromatography", "freeze-drying"}, set()),
    ("citométrie en flux", {"flow-cytometry"}, set()),
    ("conduite de bioracteurs", {"bioreactor-operation"}, set()),
    # nothing of ours
    ("J'aime le football et la cuisine italienne.", set(), set()),
    ("", set(), set()),
]
