"""Decides whether an initial formation is of bioproduction's sector, and says why. Pure: no Django, no file.

One rule: the words of the title decide, NSF codes and ONISEP domains only confirm or rule out; what no clause names is
outside. A clause is a function of a site (making, controlling, maintaining, moving): see docs/formats/onisep.md for what
each one keeps and how the whole was measured.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from skills.text import text_key

# NSF: 110 and 100 several sciences, 111 physics and chemistry, 112 biochemistry, 113 natural sciences, 114 mathematics,
# 115 physics, 116 chemistry, 118 life sciences, 200 industrial technology, 201 control, 220 and 222 processes, 221 food,
# 227 energy, 250, 251 and 255 mechanics and electricity, 310 and 311 management and logistics, 326 computing, 331 health,
# 343 cleaning, 344 safety.
_LIFE = frozenset({"111", "112", "113", "116", "118", "200", "220", "221", "222", "331"})
_CHEMICAL = frozenset({"111", "112", "116", "200", "220", "222"})
_INDUSTRIAL = frozenset({"200", "201", "220", "221", "222", "250", "251", "255"})
_MEASURING = _INDUSTRIAL | {"110", "115", "116", "310"}
# Agriculture, forestry, fishing, spaces, sport, beauty: biology and chemistry are taught there for another trade.
_ELSEWHERE = frozenset({"210", "211", "212", "213", "214", "240", "335", "336"})
_VEHICLES = frozenset(
    {
        "mécanique/automobile",
        "mécanique/aéronautique",
        "mécanique/construction navale",
        "mécanique/cycle, moto",
        "mécanique/machinisme agricole",
        "logistique, transport/transport",
    }
)

_SPECIALITY = re.compile(r"\bspecialites? ")
_WORD = re.compile(r"\w+")


def _words(*patterns: str) -> re.Pattern[str]:
    """Whole words of a folded title, where « bio-procédé » reads « bio procede »."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


@dataclass(frozen=True)
class Clause:
    """One function of a site: the words looked for in a title, what confirms them, what rules them out.

    One shared NSF code or domain confirms (a third of the formations have no NSF code, or a broad one); a clause that names
    neither needs no confirmation.
    """

    function: str
    words: re.Pattern[str]
    nsf: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    but: re.Pattern[str] | None = None
    not_nsf: frozenset[str] = frozenset()
    not_domains: frozenset[str] = frozenset()


CLAUSES = (
    Clause(
        "bioproduction",
        _words(
            r"bio ?tech\w*",
            r"bio ?proce\w*",
            r"bio ?industri\w*",
            r"bio ?production",
            r"bio ?medicaments?",
            r"bio ?molecules?",
            r"bio ?qualite",
            r"bio ?analyses?",
            r"bio ?informatique",
            r"bio ?banques?",
            r"bio ?banks?",
            r"bio ?contaminations?",
            r"biochimie",
            r"microbiologie",
            r"genie biologique",
        ),
        but=_words("dietetique"),
    ),
    Clause(
        "industries de santé",
        _words(
            r"pharmac(?:ie|eutiques?|ologie)",
            r"medicaments?",
            r"produits de sante",
            r"industries (?:et services )?(?:en|de) sante",
            r"ingenierie de la sante",
            r"genie biomedical",
        ),
        but=_words("vendeur", "delegue", "officine", "animale"),
    ),
    Clause(
        "sciences du vivant",
        _words(
            r"biologi(?:e|ques?)",
            r"biology",
            r"immunologie",
            r"genetique",
            r"genomique",
            r"sciences (?:et industries )?(?:du vivant|de la vie)",
            r"techn\w+ de laboratoires?",
            r"metiers du laboratoire",
        ),
        nsf=_LIFE,
        domains=frozenset({"sciences/biologie"}),
        but=_words(r"agriculture biologique", r"explosif"),
        not_nsf=_ELSEWHERE - {"210", "211"},
    ),
    Clause(
        "chimie et procédés",
        _words(r"chimi(?:e|ques?)", r"procedes", r"process", r"formul(?:ation|es)", r"cosmetiques?"),
        nsf=_CHEMICAL,
        domains=frozenset({"sciences/chimie"}),
        but=_words(
            *(
                "agregation",
                "composites",
                "energie",
                "explosif",
                "hydrocarbures",
                "papetier",
                "parfumerie",
                "terre",
            ),
            r"physique (?:et )?chimie",
        ),
        not_nsf=_ELSEWHERE,
    ),
    Clause(
        "qualité et contrôle",
        _words(r"qualite", r"metrologie", r"instrumentation", r"mesures?(?: physiques)?", r"qhse"),
        nsf=_MEASURING,
        domains=frozenset({"matières premières, fabrication, industries/maintenance, qualité"}),
        but=_words(r"de l (?:eau|air)", "batiment", "construction", r"viti\w*", "sociale", "acoustique"),
    ),
    Clause(
        "hygiène et sécurité",
        _words(r"sterilisation", r"hygiene securite", r"risques industriels"),
        domains=frozenset(
            {"environnement, énergies, propreté/propreté", "armée, sécurité/sécurité, prévention"}
        ),
    ),
    Clause(
        "production",
        _words(
            r"genie industriel",
            r"production industrielle",
            r"(?:installations?|lignes?) de production",
            r"amelioration continue",
            r"conditionnement",
        ),
        nsf=_INDUSTRIAL,
        but=_words("bois", "textile", "construction", "batiment", "cuir"),
        not_domains=_VEHICLES,
    ),
    Clause(
        "automatisation",
        _words(r"automat(?:iques?|ismes?|isation|isee?s?)", "regulation", "electrotechnique"),
        nsf=_INDUSTRIAL,
        domains=frozenset({"mécanique/automatismes"}),
        but=_words("langues", "arrosage", "apprentissage automatique", "medicale"),
    ),
    Clause(
        "maintenance industrielle",
        _words(r"maintenance"),
        nsf=frozenset({"200", "201", "227", "250"}),
        domains=frozenset({"matières premières, fabrication, industries/maintenance, qualité"}),
        but=_words(
            *("ascenseurs", "batteries", r"batiments?", "cycles", r"eolien\w*", "materiels", "nucleaire"),
            *(
                "individuels",
                "informatique",
                "navals",
                "outillages",
                "piscines",
                "pompes? a chaleur",
                "remontees",
            ),
        ),
        not_domains=_VEHICLES,
    ),
    Clause(
        "froid et traitement d'air",
        _words(r"genie climatique", r"cvc", r"metiers du froid"),
        domains=frozenset({"environnement, énergies, propreté/énergies"}),
    ),
    Clause(
        "logistique",
        _words(r"logistiques?", r"supply chain", "magasinier"),
        domains=frozenset({"logistique, transport/logistique"}),
        but=_words("humanitaire", r"evenementiel\w*"),
    ),
    Clause(
        "données",
        _words(r"science des donnees", r"statistiques?"),
        nsf=frozenset({"114"}),
    ),
)


def sector_reason(title: str, nsf_codes: Collection[str], domains: Collection[str]) -> str:
    """Why the formation is of the sector, in French; empty when it is not."""
    spans = [(text_key(word[0]).replace(" ", ""), word.span()) for word in _WORD.finditer(title)]
    key = " ".join(word for word, _span in spans)
    start = _after_speciality(key)
    for clause in CLAUSES:
        found = clause.words.search(key, start)
        if found is None or (clause.but and clause.but.search(key, start)):
            continue
        confirmed = _confirmation(clause, nsf_codes, domains)
        if confirmed is None:
            continue
        first, last = (key.count(" ", 0, position) for position in (found.start(), found.end() - 1))
        quoted = title[spans[first][1][0] : spans[last][1][1]]
        return f"{clause.function} : intitulé « {quoted} »{confirmed}"
    return ""


def _after_speciality(key: str) -> int:
    """Where to read from: the speciality of an engineering degree, not the name of its school."""
    return max((found.end() for found in _SPECIALITY.finditer(key)), default=0)


def _confirmation(clause: Clause, nsf_codes: Collection[str], domains: Collection[str]) -> str | None:
    """What confirms the title, ready to follow it; None when something rules the formation out."""
    if clause.not_nsf.intersection(nsf_codes) or clause.not_domains.intersection(domains):
        return None
    if not clause.nsf and not clause.domains:
        return ""
    if shared := sorted(clause.domains.intersection(domains)):
        return f", domaine {shared[0]}"
    if shared := sorted(clause.nsf.intersection(nsf_codes)):
        return f", NSF {shared[0]}"
    return None
