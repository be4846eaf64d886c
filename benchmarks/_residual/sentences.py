"""What agents write down, in the person's language: `{}` is where the person stands, in the case that is asked for."""

import random
from types import MappingProxyType

# A name in the case that the sentence wants; `{pan}` is the Polish Mr. or Ms. of a man or a woman.
INFLECTED = MappingProxyType(
    {
        ("HU", "accusative"): ("Kérem, hívják vissza {} délután.", "Ma sem értem el {} a megadott időben."),
        ("HU", "dative"): ("A számlát {} is elküldtük.", "Jeleztük {}, hogy késik a szállítás."),
        ("HU", "instrumental"): ("Ma reggel {} egyeztettem az új időpontot.", "A díjról {} beszéltem."),
        ("HU", "ablative"): ("Levelet kaptunk {} a felmondásról.", "Még várjuk {} az aláírt szerződést."),
        ("HU", "allative"): ("A szerelő holnap megy ki {} az új modemmel.", "A csomag csak tegnap ért oda {}."),
        ("HU", "delative"): ("A kolléga {} is érdeklődött.", "Nincs több adatunk {}."),
        ("FI", "genitive"): ("Tämä on {} lasku, joka on vielä avoinna.", "Siirsin {} asian laskutukseen."),
        ("FI", "partitive"): ("Yritin tavoitella {} kahdesti.", "En saanut {} kiinni aamulla."),
        ("FI", "allative"): ("Lähetin {} uuden sopimuksen.", "Vahvistin ajan {} puhelimitse."),
        ("FI", "ablative"): ("Sain {} luvan muutokseen.", "Vielä puuttuu {} allekirjoitus."),
        ("FI", "adessive"): ("Tiedon mukaan {} on kaksi liittymää.", "Kysyin, onko {} vielä vanha laite."),
        ("FI", "colloquial"): ("Eilen {} kävi taas kyselemässä.", "Se oli {}, joka soitti."),
        ("PL", "genitive"): ("Nie zastałem {} w domu.", "Umowa {} wygasa w maju."),
        ("PL", "dative"): ("Odesłaliśmy {} fakturę.", "Proszę przekazać {} nowy termin."),
        ("PL", "accusative"): ("Proszę poinformować {} o zmianie.", "Przełączyłem {} do działu reklamacji."),
        ("PL", "instrumental"): ("Spór między {} a serwisem trwa.", "Rozmawiałem z {pan} {} o fakturze."),
        ("PL", "locative"): ("Notatka o {} jest w aktach.", "W rozmowie o {} nie padły szczegóły."),
        ("DE", "genitive"): ("Laut System endet {} Vertrag im Mai.", "Wir haben {} Rückruf verpasst."),
        ("AT", "genitive"): ("Laut System endet {} Vertrag im Mai.", "Wir haben {} Rückruf verpasst."),
    }
)

# As it stands in a list, beside something, after a colon.
_PLAIN = MappingProxyType(
    {
        "HU": {
            "name": ("{} telefonált a számla miatt.", "A szomszéd neve: {}, ő vette át a csomagot."),
            "phone": ("Visszahívást kér ezen a számon: {}.", "Másik elérhetőség {}, este hívható."),
            "email": ("A másolatot ide küldtük: {} (kérésre).", "Cím a levelezéshez {} , megerősítve."),
            "number": ("Lásd még: {}; lezárva.", "Az ügyhöz tartozik {} is."),
            "pair": ("Átvette: {}, igazolva.", "Tanú a helyszínen: {}"),
        },
        "FI": {
            "name": ("{} soitti laskun takia.", "Naapuri oli nimeltään {}, hän otti paketin."),
            "phone": ("Pyytää soittamaan numeroon {}.", "Toinen numero {}, iltaisin."),
            "email": ("Kopio lähetettiin: {} (pyynnöstä).", "Osoite {} , vahvistettu."),
            "number": ("Katso myös {}; suljettu.", "Asiaan liittyy {} lisäksi."),
            "pair": ("Vastaanottaja: {}, tarkistettu.", "Todistaja paikalla: {}"),
        },
        "PL": {
            "name": ("{} prosi o kontakt w sprawie faktury.", "Odbiorca paczki: {}, to z sąsiedztwa."),
            "phone": ("Prosi o telefon pod numer {}.", "Drugi numer {}, wieczorem."),
            "email": ("Kopię wysłano na {} (na prośbę).", "Adres {} , potwierdzony."),
            "number": ("Zobacz też {}; zamknięte.", "Sprawa powiązana: {} także."),
            "pair": ("Odebrano: {}, sprawdzono.", "Świadek na miejscu: {}"),
        },
        "DE": {
            "name": ("{} hat wegen der Rechnung angerufen.", "Das Paket nahm der Nachbar an: {}, sagt der Bote."),
            "phone": ("Bittet um Rückruf unter {}.", "Zweite Nummer {}, abends."),
            "email": ("Kopie ging an {} (auf Wunsch).", "Adresse {} , bestätigt."),
            "number": ("Siehe auch {}; erledigt.", "Dazu gehört {} ebenfalls."),
            "pair": ("Übernommen: {}, geprüft.", "Zeuge vor Ort: {}"),
        },
    }
)


def inflected(country: str, case: str, sex: str, phrase: str, chance: random.Random) -> str:
    pan = "panem" if sex == "m" else "panią"
    return chance.choice(INFLECTED[country, case]).replace("{pan}", pan).replace("{}", phrase)


def plain(country: str, of: str, phrase: str, chance: random.Random) -> str:
    language = "DE" if country == "AT" else country
    return chance.choice(_PLAIN[language][of]).replace("{}", phrase)


# What is noted about the living, and says nothing of anybody.
IDLE = MappingProxyType(
    {
        "HU": (
            "A számla rendben, nincs további teendő.",
            "Visszahívást kért holnap délután.",
            "A modemet kicseréltük.",
        ),
        "FI": ("Lasku on kunnossa, ei muuta.", "Pyysi soittamaan huomenna.", "Modeemi vaihdettiin."),
        "PL": ("Faktura w porządku, nic więcej.", "Prosi o telefon jutro po południu.", "Modem wymieniono."),
        "DE": ("Rechnung in Ordnung, nichts weiter.", "Bittet um Rückruf morgen.", "Modem wurde getauscht."),
        "AT": ("Rechnung in Ordnung, nichts weiter.", "Bittet um Rückruf morgen.", "Modem wurde getauscht."),
    }
)
