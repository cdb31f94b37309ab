"""Who lives where. Everyone is invented; a handful has a story, the others fill the stairwells."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from tenants.models import Person
from tenants.states import Language, MembershipRole

MS, MR = Person.Salutation.MS, Person.Salutation.MR


@dataclass(frozen=True)
class Member:
    """Someone in a household."""

    salutation: str
    first_name: str
    prefix: str
    last_name: str
    born: int
    role: str = MembershipRole.TENANT
    language: str = Language.DUTCH


@dataclass(frozen=True)
class Home:
    """A household that has a story. ``since`` is a year, or the number of days they have been here."""

    address: str
    members: tuple[Member, ...]
    since: int


def _co(salutation: str, first_name: str, prefix: str, last_name: str, born: int, language: str = "nld") -> Member:
    return Member(salutation, first_name, prefix, last_name, born, MembershipRole.CO_TENANT, language)


def _lives_in(
    salutation: str, first_name: str, prefix: str, last_name: str, born: int, language: str = "nld"
) -> Member:
    return Member(salutation, first_name, prefix, last_name, born, MembershipRole.OCCUPANT, language)


KNOWN = (
    Home("Kerkstraat 12", (Member(MS, "Joke", "", "Hendriks", 1951),), 1994),
    Home("Kerkstraat 18", (Member(MS, "Greet", "de", "Vries", 1944), _co(MR, "Arie", "de", "Vries", 1942)), 1979),
    Home(
        "Kerkstraat 20",
        (Member(MR, "Hasan", "", "Yıldız", 1958, language=Language.TURKISH),),
        2003,
    ),
    Home("Kerkstraat 27", (Member(MS, "Truus", "van", "Leeuwen", 1938),), 1972),
    Home("Kerkstraat 35", (Member(MR, "Marek", "", "Kowalczyk", 1987, language=Language.POLISH),
                           _co(MS, "Agnieszka", "", "Kowalczyk", 1989, "pol"),
                           _lives_in("", "Kuba", "", "Kowalczyk", 2017, "pol")), 2019),
    Home("Kerkstraat 36", (Member(MR, "Gerrit", "", "Hofstra", 1949),), 1988),
    Home("Kerkstraat 47", (Member(MS, "Riet", "", "Bos", 1946),), 2011),
    Home("Kerkstraat 56", (Member(MR, "Theo", "", "Brouwer", 1955),), 1998),
    Home("Kerkstraat 61", (Member(MR, "Wim", "van den", "Heuvel", 1950),), -38),
    Home("Kerkstraat 72", (Member(MS, "Soekartini", "", "Wongsodikromo", 1961),), 1996),
    Home("Kerkstraat 83", (Member(MR, "Sjoerd", "", "Dijkstra", 1953),), 1985),
    Home("Torenstraat 7", (Member(MS, "Indra", "", "Sewnarain", 1948),), 1990),
    Home("Torenstraat 11", (Member(MR, "Yusuf", "", "Abdi", 1979, language=Language.OTHER),
                            _co(MS, "Hodan", "", "Abdi", 1984, "und"),
                            _lives_in("", "Ayaan", "", "Abdi", 2012)), 2014),
    Home("Lindelaan 4", (Member(MR, "Bertus", "", "Post", 1947),), 1981),
    Home("Lindelaan 12", (Member(MS, "Chantal", "", "Verbeek", 1992),
                          _lives_in("", "Djayden", "", "Verbeek", 2018),
                          _lives_in("", "Novi", "", "Verbeek", 2021)), 2020),
    Home("Lindelaan 22", (Member(MS, "Naima", "", "El Amrani", 1983),
                          _lives_in("", "Ilyas", "", "El Amrani", 2010)), 2013),
    Home("Lindelaan 49", (Member(MR, "Oleksandr", "", "Bondarenko", 1971, language=Language.UKRAINIAN),
                          _co(MS, "Iryna", "", "Bondarenko", 1974, "ukr")), -430),
    Home("Lindelaan 51", (Member(MS, "Marja", "", "Koster", 1964),), 2006),
    Home("Lindelaan 53", (Member(MR, "Winston", "", "Pinas", 1968),), 2001),
    Home("Esdoornhof 9", (Member(MS, "Corrie", "", "Smits", 1940), _co(MR, "Jan", "", "Smits", 1939)), 2015),
    Home("Esdoornhof 12", (Member(MR, "Nico", "", "Schouten", 1957),), 2009),
    Home("Esdoornhof 20", (Member(MS, "Fatiha", "", "Bouzid", 1952, language=Language.BERBER),), 2010),
    Home("Molenweg 74", (Member(MS, "Selam", "", "Tesfay", 1990, language=Language.TIGRINYA),
                         _lives_in("", "Yonas", "", "Tesfay", 2016, "tir")), 2021),
    Home("Molenweg 90", (Member(MR, "Rudi", "", "Sitaram", 1959),), 1999),
    Home("Molenweg 104", (Member(MS, "Annie", "van der", "Meer", 1943),), 1983),
    Home("Molenweg 118", (Member(MR, "Kees", "", "Bakker", 1952),), 1992),
    Home("Wiekslag 3", (Member(MR, "Dennis", "de", "Groot", 1981), _co(MS, "Kim", "de", "Groot", 1984)), 2016),
    Home("Wiekslag 5", (Member(MS, "Zeynep", "", "Arslan", 1986), _lives_in("", "Deniz", "", "Arslan", 2014)), 2018),
    Home("Wiekslag 12", (Member(MR, "Rayan", "", "Haddad", 1988, language=Language.ARABIC),
                         _co(MS, "Lina", "", "Haddad", 1991, "ara"),
                         _lives_in("", "Sami", "", "Haddad", 2015)), 2017),
)  # fmt: skip


@dataclass(frozen=True)
class Circle:
    """Names that go together."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    languages: tuple[str, ...] = (Language.DUTCH,)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


# A surname with a prefix is written "prefix|name".
CIRCLES = (
    Circle(
        56,
        _words("Ans, Bep, Corry, Dirkje, Els, Femke, Gerda, Hennie, Ineke, Jannie, Karin, Lies, Margriet, Nel, Petra, "
               "Ria, Sjaan, Tineke, Willy, Yvonne, Astrid, Marloes, Anouk, Debby, Linda, Wendy, Ellen, Trees, Dineke"),
        _words("Aad, Bart, Cor, Dick, Evert, Frans, Gerard, Harm, Ivo, Jaap, Koos, Leo, Martin, Niek, Otto, Piet, "
               "Rob, Sander, Ton, Wout, Johan, Ruud, Henk, Bas, Jeroen, Patrick, Fred, Klaas, Joop, Sietse"),
        _words("Aalbers, van|Beek, Blom, de|Bruin, Claassen, van|Dijk, Driessen, Evers, Gerritsen, de|Graaf, de|Haan, "
               "Hermans, van der|Horst, Jacobs, de|Jong, Kramer, Kuipers, van der|Laan, Lammers, Maas, Mol, Mulder, "
               "van|Ommen, Peters, Prins, de|Ruiter, Schipper, Scholten, Timmer, Verhoeven, van|Vliet, Vos, de|Wit, "
               "Wolters, van der|Zande, Zijlstra, Veenstra, Roos, ten|Have, van|Rossum, Kok, Ploeg, Dekkers, Bijl, Akkerman, "
               "van den|Berg, Boersma, Bouwman, ter|Braak, Coenen, Cornelissen, van|Dam, Dorst, van|Eck, Feenstra, "
               "Franken, Geurts, van|Gelder, Groen, Haverkamp, van der|Heijden, Hoeksema, Huizing, Janssens, Keizer, "
               "de|Koning, Kroon, van|Loon, Lubbers, Manders, van der|Molen, Nijhuis, Oosterhuis, Pals, Pot, "
               "Reinders, Riemersma, van|Santen, Schreuder, Smeets, Spaan, Stam, Terlouw, Tuinstra, van|Veen, "
               "Verbruggen, Visscher, de|Waal, Wessels, Wijnands, van|Zuilen, Zwart, Bakels, Doorn"),
    ),
    Circle(
        10,
        _words("Aylin, Emine, Gülsen, Hatice, Meryem, Nuray, Sevda, Zehra, Derya, Songül"),
        _words("Ahmet, Cem, Erdal, Halil, İbrahim, Mustafa, Orhan, Ramazan, Serkan, Yusuf"),
        _words("Kaya, Çelik, Demir, Şahin, Aksoy, Polat, Kılıç, Doğan, Güneş, Korkmaz"),
        (Language.DUTCH, Language.DUTCH, Language.TURKISH),
    ),
    Circle(
        10,
        _words("Aicha, Fadma, Hanan, Karima, Latifa, Malika, Nadia, Rachida, Samira, Zohra"),
        _words("Abdellah, Brahim, Driss, Hamid, Khalid, Mimoun, Mohamed, Omar, Said, Youssef"),
        _words("Azzouzi, Belhaj, Chaoui, El Khatib, Haddou, Lamrabet, Ouali, Tahiri, Ziani, Bennani"),
        (Language.DUTCH, Language.DUTCH, Language.BERBER, Language.ARABIC),
    ),
    Circle(
        9,
        _words("Astra, Carmen, Farida, Joyce, Maureen, Priya, Ruth, Shanti, Usha, Wilma"),
        _words("Anil, Clyde, Edwin, Glenn, Kenneth, Ramon, Romeo, Soeresh, Stanley, Vishnu"),
        _words("Kartosen, Jagesar, Biharie, Pengel, Wijdenbosch, Ramdin, Sabajo, Tjin, Blokland, Codrington"),
    ),
    Circle(
        6,
        _words("Danuta, Ewa, Joanna, Katarzyna, Magda, Zofia"),
        _words("Andrzej, Jacek, Krzysztof, Paweł, Tomasz, Wojtek"),
        _words("Nowak, Wójcik, Mazur, Dąbek, Zając, Pawlak"),
        (Language.POLISH, Language.POLISH, Language.DUTCH),
    ),
    Circle(
        4,
        _words("Halyna, Kateryna, Nadiia, Olena"),
        _words("Andrii, Mykola, Serhii, Taras"),
        _words("Kovalenko, Melnyk, Shevchuk, Tkachenko"),
        (Language.UKRAINIAN,),
    ),
    Circle(
        5,
        _words("Amal, Hiba, Rima, Saba, Mariam, Eden"),
        _words("Bassel, Firas, Karam, Dawit, Biniam, Tarek"),
        _words("Al Masri, Darwish, Sabbagh, Haile, Mebrahtu, Khoury"),
        (Language.ARABIC, Language.TIGRINYA, Language.ENGLISH),
    ),
)  # fmt: skip


@dataclass
class Crowd:
    """Makes the households without a story, each name once."""

    rng: Random
    used: set[tuple[str, str]] = field(default_factory=set)
    surnames: Counter[str] = field(default_factory=Counter)

    def household(self, year: int) -> tuple[Member, ...]:
        """One, two or more people who live together."""
        circle = self.rng.choices(CIRCLES, weights=[each.weight for each in CIRCLES])[0]
        kind = self.rng.choices(("alone", "two", "children"), weights=(48, 30, 22))[0]
        language = self.rng.choice(circle.languages)
        prefix, last_name = self._surname(circle)
        born = year - (self.rng.randint(29, 46) if kind == "children" else self.rng.randint(27, 86))
        is_woman = self.rng.random() < 0.58
        first = Member(
            MS if is_woman else MR,
            self._first_name(circle, last_name, is_woman=is_woman),
            prefix,
            last_name,
            born,
            language=language,
        )
        return (first, *self._others(circle, first, kind, year))

    def _others(self, circle: Circle, first: Member, kind: str, year: int) -> Iterator[Member]:
        if kind == "two" or (kind == "children" and self.rng.random() < 0.6):
            is_woman = first.salutation != MS
            name = self._first_name(circle, first.last_name, is_woman=is_woman)
            born = first.born + self.rng.randint(-6, 6)
            yield _co(MS if is_woman else MR, name, first.prefix, first.last_name, born, first.language)
        if kind == "children":
            for _number in range(self.rng.randint(1, 3)):
                name = self._first_name(circle, first.last_name, is_woman=self.rng.random() < 0.5)
                yield _lives_in("", name, first.prefix, first.last_name, year - self.rng.randint(2, 17), first.language)

    def _surname(self, circle: Circle) -> tuple[str, str]:
        # A name comes back only when all others of the circle live here already.
        fewest = min(self.surnames[name] for name in circle.surnames)
        chosen = self.rng.choice([name for name in circle.surnames if self.surnames[name] == fewest])
        self.surnames[chosen] += 1
        prefix, _bar, last_name = chosen.rpartition("|")
        return prefix, last_name

    def _first_name(self, circle: Circle, last_name: str, *, is_woman: bool) -> str:
        names = circle.women if is_woman else circle.men
        free = [name for name in names if (name, last_name) not in self.used] or list(names)
        name = self.rng.choice(free)
        self.used.add((name, last_name))
        return name


def since(home: Home, on: date) -> date:
    """When they came to live there."""
    return date.fromordinal(on.toordinal() + home.since) if home.since < 0 else date(home.since, 4, 1)
