"""What is said at the table on an ordinary day. Each scene holds together: the words, the topic, the promise."""

from dataclasses import dataclass

from visits.states import AreaAnswer, LifeArea, Mood

HOME, NEIGHBOURS, MONEY = LifeArea.HOME, LifeArea.NEIGHBOURS, LifeArea.MONEY
DAILY, SUPPORT, SAFETY = LifeArea.DAILY, LifeArea.SUPPORT, LifeArea.SAFETY
WELL, ATTENTION, HELP = AreaAnswer.WELL, AreaAnswer.ATTENTION, AreaAnswer.HELP


@dataclass(frozen=True)
class Scene:
    """One talk: ``topics`` gives (area, answer, what was said), ``thought`` what the colleague thinks of it."""

    mood: str
    quote: str = ""
    topics: tuple[tuple[str, str, str], ...] = ()
    thought: str = ""
    promise: str = ""
    wish: str = ""
    note: str = ""
    # Whom it suits: anyone, "old" (from 67), or a household with "children".
    fits: str = ""


GOOD, WORRY, LATER = Mood.GOOD, Mood.WORRY, Mood.LATER

SCENES = (
    Scene(GOOD, "Ik woon hier al zo lang, ik ken het licht op elk uur van de dag.",
          ((HOME, WELL, "Woont graag hier. De keuken is oud maar doet het nog."),)),
    Scene(GOOD, "De buurvrouw heeft een sleutel. Als mijn gordijn dicht blijft, komt zij kijken.",
          ((SUPPORT, WELL, "Buren letten op elkaar. Dochter komt op zondag."),)),
    Scene(WORRY, "Sinds ik alleen aan tafel zit, kook ik niet meer.",
          ((SUPPORT, ATTENTION, "Eet vaak alleen brood. Komt weinig buiten sinds het huis stiller werd."),),
          "Zoekt gezelschap, maar vraagt er niet om.",
          promise="Folder van de eettafel in de buurt langsbrengen", fits="old"),
    Scene(GOOD, "Als u nog eens komt, dan zet ik koffie. Dan hoeft u niets te vragen.",
          ((NEIGHBOURS, WELL, "Kent iedereen in het trappenhuis bij naam."),)),
    Scene(WORRY, "Ik maak de post niet open. Dan is het er ook niet.",
          ((MONEY, HELP, "Op tafel ligt een stapel dichte enveloppen van de afgelopen maanden."),),
          "Schaamt zich. Wil wel hulp, als niemand het hoort.",
          promise="Terugkomen om samen de post te sorteren"),
    Scene(GOOD, "De kachel kan een graad lager, maar de kou kruipt hier langs de kozijnen omhoog.",
          ((HOME, ATTENTION, "Tocht bij het raam in de woonkamer, voelbaar met de hand."),),
          promise="Timmerman belt over het kozijn in de woonkamer"),
    Scene(GOOD, "Ze slapen samen op één kamer. Het is gezellig, tot er één een proefwerk heeft.",
          ((HOME, ATTENTION, "De kinderen delen een slaapkamer. Eettafel is ook het bureau."),),
          wish="Een hoek in het buurthuis waar kinderen rustig huiswerk kunnen maken", fits="children"),
    Scene(WORRY, "De trap is elke maand een trede hoger geworden.",
          ((DAILY, ATTENTION, "Rust halverwege de trap. Boodschappen gaan in twee keer."),),
          "Wil hier graag blijven wonen, maar dan gelijkvloers.",
          promise="Uitzoeken welke woningen op de begane grond vrijkomen", fits="old"),
    Scene(GOOD, "Vroeger stonden de stoelen 's avonds buiten. Dat mis ik, die stoelen.",
          ((NEIGHBOURS, WELL, "Zou graag weer een bankje zien op de hoek."),),
          wish="Een bankje voor de deur van het trappenhuis"),
    Scene(LATER, "Nu even niet. Maar u mag terugkomen, hoor.", note="Stond op het punt om weg te gaan."),
    Scene(GOOD, "Ze lachen in de winkel om mijn Nederlands. Bij u aan tafel durf ik het wel.",
          ((SUPPORT, ATTENTION, "Wil beter Nederlands leren. Kent nog niet veel mensen in de buurt."),),
          promise="Uitzoeken wanneer het taalcafé in het buurthuis is"),
    Scene(WORRY, "Het is niet het geluid. Het is dat ik niet weet wanneer het begint.",
          ((NEIGHBOURS, ATTENTION, "Hoort 's avonds laat lopen en muziek van boven, een paar keer per week."),),
          "Een gesprek tussen de buren kan al helpen.",
          promise="De bovenbuur vragen of die bij ons aan tafel wil komen"),
    Scene(GOOD, "Ik ben er trots op dat ik het alleen red. Maar een praatje sla ik niet af.",
          ((SUPPORT, WELL, "Doet zelf boodschappen met de fiets. Zoon belt elke avond."),), fits="old"),
    Scene(WORRY, "Aan het eind van mijn geld houd ik altijd een stuk maand over.",
          ((MONEY, HELP, "Energie kost sinds de winter veel meer. Stelt de tandarts uit."),),
          promise="Samen bellen met de energiecoach van de gemeente"),
    Scene(GOOD, "De monteur heeft zijn schoenen uitgedaan. Niet omdat het moest.",
          ((HOME, WELL, "Tevreden over de reparatie van de geiser."),)),
    Scene(WORRY, "Mijn moeder vergeet het gas. Ik slaap met mijn telefoon in mijn hand.",
          ((SUPPORT, HELP, "Zorgt elke dag voor moeder verderop in de straat, naast een baan."),),
          "Veel tegelijk. Vroeg twee keer of het gek is om hulp te willen.",
          promise="Nummer van het steunpunt voor mantelzorgers geven"),
    Scene(GOOD, "Drie sloten op de deur en toch stond ik hem zomaar binnen te laten. Gelukkig was u het.",
          ((SAFETY, ATTENTION, "Doet open zonder te kijken wie er is."),),
          promise="Deurspion laten plaatsen door de wijkbeheerder"),
    Scene(GOOD, "De tuin houdt mij op de been, letterlijk.",
          ((HOME, WELL, "Tuin is netjes, helpt ook de buren met snoeien."),),
          wish="Een gezamenlijke regenton achter het blok"),
    Scene(WORRY, "In het donker durf ik niet meer naar de container. Dan wacht ik tot het licht is.",
          ((SAFETY, ATTENTION, "De lamp bij de bergingen is al weken stuk. Er wordt gehangen."),),
          promise="Lamp bij de bergingen laten maken"),
    Scene(GOOD, "Ik ruim op als u komt. Kom dus maar wat vaker.",
          ((DAILY, WELL, "Heeft sinds kort hulp in huis op dinsdag."),)),
    Scene(WORRY, "De schimmel komt terug als een buurman die je niet hebt uitgenodigd.",
          ((HOME, HELP, "Zwarte plekken in de hoek van de slaapkamer, zo groot als een krant. Het bed staat er ver vandaan."),),
          promise="Opzichter komt kijken naar de slaapkamermuur"),
    Scene(GOOD, "Mijn kleinzoon zegt: jij woont bij de meeuwen. Ja, zeg ik, eerste rang.",
          ((HOME, WELL, "Geniet van het uitzicht. Wil niet verhuizen."),), fits="old"),
    Scene(LATER, "Mijn zus is er dan ook bij, die onthoudt het beter.",
          promise="Opnieuw bellen en een bezoek plannen als de zus er is"),
    Scene(WORRY, "Hij doet zijn best, mijn zoon. Maar twee volwassenen in één huis, dat schuurt.",
          ((HOME, ATTENTION, "Zoon van 27 vindt geen eigen woning. Slaapt tijdelijk in de woonkamer."),),
          promise="Uitleg over inschrijven als woningzoekende opsturen", fits="old"),
    Scene(GOOD, "Hier zeggen ze nog goedemorgen in het trappenhuis. Dat is geld waard.",
          ((NEIGHBOURS, WELL, "Nieuwe buren hebben zich voorgesteld met gebak."),)),
    Scene(WORRY, "Ik heb mijn werk verloren, maar thuis weten ze het nog niet.",
          ((MONEY, ATTENTION, "Werkt sinds twee maanden niet meer. Huur is tot nu toe steeds betaald."),),
          "Wil het zelf oplossen. Was opgelucht na het gesprek.",
          promise="Over twee weken bellen hoe het gaat met de uitkering", fits="children"),
    Scene(GOOD, "De lift heb ik nooit gemist, tot mijn knie er anders over ging denken.",
          ((DAILY, ATTENTION, "Loopt met een stok. Leuning aan één kant van de trap zit los."),),
          promise="Trapleuning vast laten zetten", fits="old"),
    Scene(GOOD, "U bent de eerste die vraagt hoe het met ons gaat, en niet met de ketel.",
          ((HOME, WELL, "Ketel is vorige maand vervangen. Alles werkt."),)),
    Scene(WORRY, "Ze zetten hun fietsen voor de deur, dan kan de rollator er niet langs.",
          ((NEIGHBOURS, ATTENTION, "Hal staat vol fietsen. Heeft er zelf niets van durven zeggen."),),
          promise="Brief over de hal aan alle bewoners van het trappenhuis",
          wish="Een plek met een beugel voor fietsen naast de ingang", fits="old"),
    Scene(GOOD, "Eerst verstond ik de buren niet. Nu breng ik soep en dan verstaan wij elkaar prima.",
          ((NEIGHBOURS, WELL, "Voelt zich thuis. Helpt bij het zomerfeest."),)),
    Scene(GOOD, "Als de huur maar op de eerste gaat, dan slaap ik.",
          ((MONEY, WELL, "Betaalt sinds de regeling op tijd."),)),
    Scene(LATER, "Ik moet zo de kinderen halen. Bel mij maar, dan praat ik beter.",
          promise="Na half negen 's avonds terugbellen", fits="children"),
    Scene(WORRY, "De hond is mijn wekker. Zonder hem kwam ik er niet meer uit.",
          ((DAILY, ATTENTION, "Gordijnen waren om elf uur nog dicht. Loopt wel drie keer per dag met de hond."),),
          "Zegt dat het gaat. Klonk vermoeid."),
    Scene(GOOD, "Ik heb het huis leren kennen in de nachten dat de kleine niet sliep.",
          ((HOME, WELL, "Jong gezin. Vraagt of er een hekje boven aan de trap mag."),),
          promise="Laten weten of een traphekje mag blijven hangen", fits="children"),
    Scene(GOOD, "Zet maar op dat het goed is. En zet er ook maar bij dat ik de vorige wijkbeheerder mis.",
          ((NEIGHBOURS, WELL, "Vindt dat het portiek schoner kan."),)),
    Scene(WORRY, "Er belde iemand die zei dat hij van de bank was. Ik heb bijna alles gezegd.",
          ((SAFETY, ATTENTION, "Kreeg een telefoontje van iemand die om de pincode vroeg. Heeft opgehangen."),),
          promise="Kaart met tips over babbeltrucs langsbrengen", fits="old"),
    Scene(GOOD, "Mijn vader heeft dit laminaat gelegd. Ik loop nog steeds om de plek waar hij zat.",
          ((HOME, WELL, "Bleef in de woning na het overlijden van vader. De papieren zijn in orde."),)),
    Scene(WORRY, "Ik zeg dat het goed gaat, want het andere antwoord duurt zo lang.",
          ((SUPPORT, ATTENTION, "Heeft weinig contact met familie. Ging graag naar het koor, maar dat is gestopt."),),
          promise="Vragen of er in het buurthuis weer wordt gezongen"),
)  # fmt: skip

# At the door, without sitting down.
DOOR_WORDS = (
    "Alles goed, wilde niet dat ik binnenkwam. Was vriendelijk.",
    "Kort gesproken op de galerij. Volgende keer liever in de middag.",
    "Had bezoek. Nam het kaartje aan en belt zelf.",
    "Sprak door een kier van de deur. Zei dat het goed gaat.",
)

# How a short contact goes: (channel, direction, line).
CONTACTS = (
    ("phone", "in", "Belt over de kraan in de keuken. Doorgegeven aan de servicelijn."),
    ("phone", "out", "Gebeld hoe het gaat na de verbouwing van de badkamer. Goed, op een plint na."),
    ("letter", "out", "Brief gestuurd over het schoonmaken van het trappenhuis."),
    ("phone", "in", "Vraagt wanneer de ramen buiten worden gedaan."),
    ("desk", "in", "Kwam langs met een vraag over de huurtoeslag. Formulier samen ingevuld."),
    ("street", "in", "Sprak mij aan bij de containers over grofvuil. Uitgelegd hoe het werkt."),
    ("phone", "out", "Teruggebeld over de belofte van vorige week. Begrijpt dat het later wordt."),
    ("message", "in", "Bericht met een foto van de losse stoeptegel voor de deur."),
    ("email", "in", "Vraagt om toestemming voor een schotel op het balkon."),
    ("phone", "in", "Meldt dat de buurman in het ziekenhuis ligt en dat zij de plant water geeft."),
    ("street", "out", "Kort gesproken op het plein. Wil graag meedenken over de speelplek."),
    ("phone", "in", "Belt dat de huur deze maand drie dagen later komt. Staat al klaar."),
    ("letter", "in", "Kaartje gekregen: bedankt voor het luisteren."),
    ("desk", "in", "Nieuwe sleutel voor de berging opgehaald."),
    ("phone", "out", "Gebeld om het bezoek van morgen te bevestigen. Komt uit."),
    ("email", "out", "Uitleg gestuurd over ventileren, met plaatjes."),
    ("phone", "in", "Vraagt of een collega langskomt die Turks spreekt. Genoteerd."),
    ("message", "out", "Bericht gestuurd dat de lamp in de hal weer brandt."),
)

DROPPED = (
    "De eigenaar van de muur gaf geen toestemming. Uitgelegd aan de bewoner.",
    "Kon niet meer dit jaar. Staat op de lijst voor het volgende.",
    "De folder bestaat niet meer. Wij hebben samen op internet gekeken.",
    "Bleef bij ons liggen. Excuses gemaakt, de bewoner heeft het zelf geregeld.",
    "De buren hebben het samen opgelost.",
    "Wij hebben dit te snel beloofd: het valt buiten het onderhoud.",
)
KEPT = ("Gedaan.", "Gelukt, de bewoner weet het.", "Samen gedaan.", "Nagebeld: het is gelukt.", "")
