# ruff: noqa: E501
"""Names of the five worlds this product speaks to, the frequent ones first, and pieces that make rarer family names.

The demo and the benchmarks take theirs from here; who changes an order changes every list that was measured.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class World:
    """Given names, family names, and the two halves of further family names."""

    language: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]
    fronts: tuple[str, ...]
    ends: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# fmt: off
GERMAN = World(
    language="de",
    women=_words("Maria Ursula Monika Petra Elisabeth Sabine Renate Andrea Claudia Susanne Karin Birgit Anna Katharina Julia Nicole Stefanie Christina Sandra Melanie Katrin Jana Lea Hannah Lena Marie Sophie Emma Mia Johanna Käthe Jördis Gülay Aylin Zoë"),
    men=_words("Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Horst Frank Dieter Manfred Jörg Björn Jan Lukas Finn Paul Leon Jonas Felix Maximilian Moritz Götz Sören Emre Mehmet Anton Karl Heinz Ömer"),
    family=_words("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Yılmaz Köhler Jäger Groß Weiß"),
    fronts=_words("Acker Alt Bern Berg Birken Blum Brand Buch Burg Diet Ebel Eich Feld Frei Gold Grün Haber Hage Heide Her Hohen Kalt Kirch Kron Lichten Linden Löwen Neu Ober Ost Reich Rosen Sand Schön Stein Stern Unter Vogel Wald West Wiesen"),
    ends=_words("acher auer bach bauer baum beck berg berger born bruch dorf eder feld furt haus heim hof hofer hold holz horst huber kamp mann meier müller rath schmid stedt stein wald"),
)
ENGLISH = World(
    language="en",
    women=_words("Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Margaret Jean Dorothy Joan Siobhán Niamh Bronwen Eilidh Priya"),
    men=_words("Oliver George Arthur Noah Muhammad Leo Oscar Harry Archie Jack Henry Charlie Thomas William Alfie Ronald Kenneth Derek Callum Rhys Euan Seán"),
    family=_words("Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Khan O'Brien MacDonald Hughes Edwards Begum"),
    fronts=_words("Ald Amble Apple Bever Brad Broad Burn Chad Charl Ches Crom Dun Elm Farn Graf Had Hex Ing Kings Lam Mel Nether Pick Rams Sher Thet Ulver Wal Wether York"),
    ends=_words("borough bridge bury by cester combe cott den don field ford ham head hurst ington leigh ley low mere mouth over sett shaw stead stoke thorpe ton wick worth"),
)
DANISH = World(
    language="da",
    women=_words("Anne Kirsten Mette Hanne Anna Helle Susanne Lene Maria Marianne Inge Karen Lone Bente Camilla Pia Ida Emma Sofie Freja Åse Bodil Jørgine Ærtha"),
    men=_words("Peter Jens Michael Lars Henrik Thomas Søren Jan Christian Martin Niels Anders Morten Jesper Hans Jørgen Mads Per Ole Rasmus Åge Bjørn Knud Øjvind"),
    family=_words("Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Møller Østergaard Kjær Bæk Åkjær"),
    fronts=_words("Aa Bak Birke Bjerre Bro Dal Eng Fjord Gade Grøn Hav Holm Høj Kirke Krog Lille Lund Mose Nør Over Ravn Skov Stor Svane Sønder Ting Vester Vind Ør Øster"),
    ends=_words("bech berg bjerg bo by dahl feldt gaard høj holm holt kjær krog lund mark mose næs rup skov strup sted toft trup vad vang"),
)
AFRIKAANS = World(
    language="af",
    women=_words("Nomvula Thandi Zanele Lerato Anna Maria Johanna Elna Annelie Ronel Busisiwe Precious Fatima Naledi Marlene Susanna Hester Palesa"),
    men=_words("Thabo Sipho Johannes Pieter Jacobus Willem Hendrik Bongani Mandla Andries Gert Francois Themba Lwazi Dirk Riaan Yusuf Ëan"),
    family=_words("Nkosi Dlamini Botha Pretorius Naidoo Mokoena Khumalo Venter Coetzee Sithole Mahlangu Fourie Nel Govender Zulu Erasmus Steyn Ndlovu Kruger Mthembu"),
    fronts=_words("Bester Bos Brand Buiten Dam Diep Drie Geld Groot Hout Kloof Kop Leeu Mooi Nuwe Ooste Rens Rooi Spring Ster Vaal Veld Visser Water Wolf"),
    ends=_words("berg burg dal dorp fontein heuwel hof huis huizen jaar kamp kloof laagte man mans pan poort rand rivier rust see spruit stad veld vlei"),
)
HINDI = World(
    language="hi",
    women=_words("Priya Ananya Aditi Lakshmi Sunita Kavita Pooja Neha Anjali Meena Deepika Rekha Sita Geeta Asha Divya Shreya Radha"),
    men=_words("Rahul Amit Arjun Vijay Sanjay Rajesh Suresh Anil Ravi Krishna Vikram Mohan Aditya Rohan Karthik Imran Harpreet Manoj"),
    family=_words("Sharma Singh Kumar Patel Gupta Reddy Iyer Nair Das Rao Verma Joshi Mehta Shah Khan Chatterjee Banerjee Pillai Menon Raghunathan"),
    fronts=_words("Aga Bala Chan Deva Gana Hari Indra Jaya Kali Lala Maha Nara Pada Raja Sada Tara Uma Vasu Yadu Ananda"),
    ends=_words("bhai chandra dev dutt garh giri jee kar krishnan lal mani murthy nath pal pur ram raman swamy tilak vardhan"),
)
WORLDS = (ENGLISH, GERMAN, DANISH, AFRIKAANS, HINDI)
# How Hindi names are written, beside how they are spelt in Latin letters (for addresses of e-mail).
WRITTEN_WOMEN = (
    ("अनन्या", "Ananya"), ("अदिति", "Aditi"), ("लक्ष्मी", "Lakshmi"), ("सुनीता", "Sunita"), ("कविता", "Kavita"), ("पूजा", "Pooja"),
    ("नेहा", "Neha"), ("अंजलि", "Anjali"), ("मीना", "Meena"), ("दीपिका", "Deepika"), ("रेखा", "Rekha"), ("आशा", "Asha"), ("राधा", "Radha"),
)
WRITTEN_MEN = (
    ("राहुल", "Rahul"), ("अमित", "Amit"), ("अर्जुन", "Arjun"), ("विजय", "Vijay"), ("संजय", "Sanjay"), ("राजेश", "Rajesh"),
    ("सुरेश", "Suresh"), ("अनिल", "Anil"), ("रवि", "Ravi"), ("कृष्ण", "Krishna"), ("मोहन", "Mohan"), ("रोहन", "Rohan"), ("मनोज", "Manoj"),
)
WRITTEN_FAMILY = (
    ("शर्मा", "Sharma"), ("सिंह", "Singh"), ("कुमार", "Kumar"), ("पटेल", "Patel"), ("गुप्ता", "Gupta"), ("वर्मा", "Verma"),
    ("जोशी", "Joshi"), ("मेहता", "Mehta"), ("शाह", "Shah"), ("दास", "Das"), ("नायर", "Nair"), ("कुलकर्णी", "Kulkarni"), ("चतुर्वेदी", "Chaturvedi"),
)
# fmt: on
