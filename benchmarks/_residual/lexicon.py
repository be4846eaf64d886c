"""Names as they are borne in five countries, with the forms they take in a running sentence, written out by hand.

A form is given in full wherever it is not the ending alone that changes. Nothing here is worked out by rules that a
search could share: who looks for a person has to know these languages by himself.
"""

from dataclasses import dataclass
from types import MappingProxyType

HUNGARIAN_CASES = ("accusative", "dative", "instrumental", "ablative", "allative", "delative")
FINNISH_CASES = ("genitive", "partitive", "allative", "ablative", "adessive")
POLISH_CASES = ("genitive", "dative", "accusative", "instrumental", "locative")


@dataclass(frozen=True, slots=True)
class Word:
    """A given name or a surname: its sex where it has one (`m`, `f`, else empty), its forms by case."""

    text: str
    sex: str
    forms: MappingProxyType[str, str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Name, sex, stem, then what is put to the stem in the cases above: István-t, István-nak, …
_HUNGARIAN_GIVEN = """
István m István t nak nal tól hoz ról
László m László t nak val tól hoz ról
Zoltán m Zoltán t nak nal tól hoz ról
Gábor m Gábor t nak ral tól hoz ról
Balázs m Baláz st snak zsal stól shoz sról
György m Györg yöt ynek gyel ytől yhöz yről
Miklós m Miklós t nak sal tól hoz ról
Ferenc m Ferenc et nek cel től hez ről
Dezső m Dezső t nek vel től höz ről
Attila m Attilá t nak val tól hoz ról
Árpád m Árpád ot nak dal tól hoz ról
Gergely m Gergel yt ynek lyel ytől yhez yről
Bence m Bencé t nek vel től hez ről
Zsolt m Zsolt ot nak tal tól hoz ról
Ákos m Ákos t nak sal tól hoz ról
Éva f Évá t nak val tól hoz ról
Zsófia f Zsófiá t nak val tól hoz ról
Katalin f Katalin t nak nal tól hoz ról
Ágnes f Ágnes t nek sel től hez ről
Erzsébet f Erzsébet et nek tel től hez ről
Judit f Judit ot nak tal tól hoz ról
Tünde f Tündé t nek vel től hez ről
Ildikó f Ildikó t nak val tól hoz ról
Réka f Réká t nak val tól hoz ról
Eszter f Eszter t nek rel től hez ről
Márta f Mártá t nak val tól hoz ról
Emőke f Emőké t nek vel től hez ről
Györgyi f Györgyi t nek vel től hez ről
Orsolya f Orsolyá t nak val tól hoz ról
Anna f Anná t nak val tól hoz ról
Istvánné f Istvánné t nak val tól hoz ról
Lászlóné f Lászlóné t nak val tól hoz ról
Zoltánné f Zoltánné t nak val tól hoz ról
Gáborné f Gáborné t nak val tól hoz ról
"""

HUNGARIAN_FAMILY = _words("""
    Kovács Szabó Tóth Őszi Kőműves Győrffy Szűcs Bíró Széchy Kelemen Fehérváry Csizmadia Pálóczi Zsigmond Böröcz
    Újhelyi Ágoston Keresztúri Mészáros Bükkösdi Dömötör Halász Jánosi Kökény Lőrincz Nyírő Péterfi Rózsahegyi Sörös
    Takács Ürmös Vízvári Szőke Gulyás Fülöp Hegedűs Kovács-Nagy Szabó-Őri Kovácsné+Szűcs Tóthné+Bíró Gulyásné+Őszi
    Takácsné+Fülöp""")

# Nominative, genitive, partitive, the stem before -lle, -lta, -lla, and whether those end in a or ä.
_FINNISH_FAMILY = """
Virtanen Virtasen Virtasta Virtase a
Korhonen Korhosen Korhosta Korhose a
Mäkinen Mäkisen Mäkistä Mäkise ä
Hämäläinen Hämäläisen Hämäläistä Hämäläise ä
Heikkinen Heikkisen Heikkistä Heikkise ä
Ylönen Ylösen Ylöstä Ylöse ä
Toivonen Toivosen Toivosta Toivose a
Hietanen Hietasen Hietasta Hietase a
Karjalainen Karjalaisen Karjalaista Karjalaise a
Väisänen Väisäsen Väisästä Väisäse ä
Mäkelä Mäkelän Mäkelää Mäkelä ä
Rantala Rantalan Rantalaa Rantala a
Seppälä Seppälän Seppälää Seppälä ä
Kivelä Kivelän Kivelää Kivelä ä
Laine Laineen Lainetta Lainee a
Järvi Järven Järveä Järve ä
Koski Kosken Koskea Koske a
Niemi Niemen Niemeä Nieme ä
Lehto Lehdon Lehtoa Lehdo a
Salo Salon Saloa Salo a
Lahti Lahden Lahtea Lahde a
Mäki Mäen Mäkeä Mäe ä
Nurmi Nurmen Nurmea Nurme a
Seppä Sepän Seppää Sepä ä
Kallio Kallion Kalliota Kallio a
Virta Virran Virtaa Virra a
Käyhkö Käyhkön Käyhköä Käyhkö ä
Aalto Aallon Aaltoa Aallo a
Tikka Tikan Tikkaa Tika a
Hyyppä Hyypän Hyyppää Hyypä ä
Pelto Pellon Peltoa Pello a
Harju Harjun Harjua Harju a
Räty Rädyn Rätyä Rädy ä
Haapasalo Haapasalon Haapasaloa Haapasalo a
Åkerlund Åkerlundin Åkerlundia Åkerlundi a
Öhman Öhmanin Öhmania Öhmani a
Lindström Lindströmin Lindströmiä Lindströmi ä
Sjöberg Sjöbergin Sjöbergiä Sjöbergi ä
Mäkelä-Laine Mäkelä-Laineen Mäkelä-Lainetta Mäkelä-Lainee a
Åkerlund-Koski Åkerlund-Kosken Åkerlund-Koskea Åkerlund-Koske a
"""

FINNISH_GIVEN = MappingProxyType(
    {
        "m": _words("Matti Pekka Väinö Jussi Antti Juhani Heikki Yrjö Olli Timo Jyrki Eero Ville Jörgen"),
        "f": _words("Päivi Tuula Aino Hilkka Sirkka Eeva Kyllikki Marjatta Sanna Riitta Outi Pirjo Terhi Åsa"),
    }
)

# Name, sex, then the cases above.
_POLISH_GIVEN = """
Jan m Jana Janowi Jana Janem Janie
Piotr m Piotra Piotrowi Piotra Piotrem Piotrze
Paweł m Pawła Pawłowi Pawła Pawłem Pawle
Łukasz m Łukasza Łukaszowi Łukasza Łukaszem Łukaszu
Michał m Michała Michałowi Michała Michałem Michale
Stanisław m Stanisława Stanisławowi Stanisława Stanisławem Stanisławie
Krzysztof m Krzysztofa Krzysztofowi Krzysztofa Krzysztofem Krzysztofie
Marek m Marka Markowi Marka Markiem Marku
Wojciech m Wojciecha Wojciechowi Wojciecha Wojciechem Wojciechu
Andrzej m Andrzeja Andrzejowi Andrzeja Andrzejem Andrzeju
Grzegorz m Grzegorza Grzegorzowi Grzegorza Grzegorzem Grzegorzu
Zbigniew m Zbigniewa Zbigniewowi Zbigniewa Zbigniewem Zbigniewie
Anna f Anny Annie Annę Anną Annie
Małgorzata f Małgorzaty Małgorzacie Małgorzatę Małgorzatą Małgorzacie
Agnieszka f Agnieszki Agnieszce Agnieszkę Agnieszką Agnieszce
Katarzyna f Katarzyny Katarzynie Katarzynę Katarzyną Katarzynie
Zofia f Zofii Zofii Zofię Zofią Zofii
Grażyna f Grażyny Grażynie Grażynę Grażyną Grażynie
Jadwiga f Jadwigi Jadwidze Jadwigę Jadwigą Jadwidze
Ewa f Ewy Ewie Ewę Ewą Ewie
Elżbieta f Elżbiety Elżbiecie Elżbietę Elżbietą Elżbiecie
Bożena f Bożeny Bożenie Bożenę Bożeną Bożenie
Wioletta f Wioletty Wioletcie Wiolettę Wiolettą Wioletcie
Łucja f Łucji Łucji Łucję Łucją Łucji
"""

# Men; women of these names do not decline them.
_POLISH_NOUNS = """
Nowak Nowaka Nowakowi Nowaka Nowakiem Nowaku
Wójcik Wójcika Wójcikowi Wójcika Wójcikiem Wójciku
Kaczmarek Kaczmarka Kaczmarkowi Kaczmarka Kaczmarkiem Kaczmarku
Zając Zająca Zającowi Zająca Zającem Zającu
Wróbel Wróbla Wróblowi Wróbla Wróblem Wróblu
Mazur Mazura Mazurowi Mazura Mazurem Mazurze
Żak Żaka Żakowi Żaka Żakiem Żaku
Ślusarczyk Ślusarczyka Ślusarczykowi Ślusarczyka Ślusarczykiem Ślusarczyku
Kołodziej Kołodzieja Kołodziejowi Kołodzieja Kołodziejem Kołodzieju
Lis Lisa Lisowi Lisa Lisem Lisie
"""

# Men and women decline these alike.
_POLISH_IN_A = """
Sikora Sikory Sikorze Sikorę Sikorą Sikorze
Zaręba Zaręby Zarębie Zarębę Zarębą Zarębie
Duda Dudy Dudzie Dudę Dudą Dudzie
"""

# Declined as adjectives: without the last letter, which is -i for a man and -a for a woman.
_POLISH_ADJECTIVES = _words("""
    Kowalsk Zielińsk Wiśniewsk Dąbrowsk Jabłońsk Święcick Różańsk Ostrowsk Gęsick Błaszczyńsk Żuławsk
    Chrzanowsk""")

GERMAN_GIVEN = MappingProxyType(
    {
        "m": _words("Thomas Jürgen Günther Björn Jörg Hans-Peter Matthias Wolfgang Gerhard Götz Rüdiger Uwe Klaus"),
        "f": _words("Käthe Bärbel Anna-Lena Ute Sabine Friederike Anneliese Renate Heike Brigitte Änne Gönül"),
    }
)
GERMAN_FAMILY = _words("""
    Müller Weiß Strauß Grünwald Schröder Köhler Jäger Böhm Groß Lühmann Bäcker Vößing Schäfer Krüger Fürst Möller
    Görlitz Süß Völker Königsdörfer Hübner Öztürk Nägele Brüggemann von+der+Heide von+Ahlefeldt zu+Putlitz
    von+Löwenstein Schmidt-Lüders Meyer-Grünfeld Groß-Böhm""")

AUSTRIAN_GIVEN = MappingProxyType(
    {
        "m": _words("Franz Alois Leopold Josef Günter Jörg Lukáš Jiří Seán Željko Ștefan Bjørn François José"),
        "f": _words("Hannelore Waltraud Gertrude Elfriede Bärbel Ayşe Chiara Siobhán Květa Ljubica Zoë Thérèse"),
    }
)
AUSTRIAN_FAMILY = _words("""
    Gruber Höllwarth Haslgrübler Köberl Wögerbauer Moosbrugger Öllinger Füssl Zöchling Österreicher Süß
    O'Brien D'Angelo O'Connor L'Écuyer de+la+Cruz van+den+Berg Çelik Dvořák Šimić Đorđević Ivănescu al-Masri Sørensen
    Nuñez-García Y\u0131ld\u0131z Håkansson""")


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def _word(text: str, sex: str, cases: tuple[str, ...], forms: list[str]) -> Word:
    return Word(text, sex, MappingProxyType(dict(zip(cases, forms, strict=True))))


HUNGARIAN_GIVEN = tuple(
    _word(name, sex, HUNGARIAN_CASES, [stem + ending for ending in endings])
    for name, sex, stem, *endings in _lines(_HUNGARIAN_GIVEN)
)
FINNISH_FAMILY = tuple(
    _word(name, "", FINNISH_CASES, [genitive, partitive, f"{stem}lle", f"{stem}lt{end}", f"{stem}ll{end}"])
    for name, genitive, partitive, stem, end in _lines(_FINNISH_FAMILY)
)
POLISH_GIVEN = tuple(_word(name, sex, POLISH_CASES, forms) for name, sex, *forms in _lines(_POLISH_GIVEN))


def _polish_families() -> tuple[Word, ...]:
    words = []
    for stem in _POLISH_ADJECTIVES:
        of_man = [stem + ending for ending in ("iego", "iemu", "iego", "im", "im")]
        of_woman = [stem + ending for ending in ("iej", "iej", "ą", "ą", "iej")]
        words += [_word(stem + "i", "m", POLISH_CASES, of_man), _word(stem + "a", "f", POLISH_CASES, of_woman)]
    for name, *forms in _lines(_POLISH_NOUNS):
        words += [_word(name, "m", POLISH_CASES, forms), _word(name, "f", POLISH_CASES, [name] * len(POLISH_CASES))]
    for name, *forms in _lines(_POLISH_IN_A):
        words += [_word(name, sex, POLISH_CASES, forms) for sex in "mf"]
    return tuple(words)


POLISH_FAMILY = _polish_families()


def polish_double(first: Word, second: Word) -> Word:
    """Kowalska-Nowak: each half takes its own form."""
    forms = [f"{first.forms[case]}-{second.forms[case]}" for case in POLISH_CASES]
    return _word(f"{first.text}-{second.text}", first.sex, POLISH_CASES, forms)
