"""Names of people who do not exist. Addresses are at example.org, phones begin with 06-0000."""

FIRST_NAMES = (
    "Aaltje Abdel Achmed Agnes Aisha Albert Alie Amina André Anja Annemiek Anouk Arie Arjan "
    "Ayşe Bart Bas Bea Ben Bert Bianca Bilal Bram Carla Chantal Cees Claudia Corrie Daan Dewi "
    "Diana Dilek Dirk Ebru Edwin Elise Ellen Emine Erik Esther Eva Fatima Fenna Femke Floor "
    "Frank Fred Gerard Gert Ginny Greet Guus Halima Hanna Hans Hassan Henk Hilde Ilse Imane "
    "Ineke Irene Jaap Jan Janneke Jasper Jeroen Joke Joost Jos Karim Karin Kees Kim Klaas Koen "
    "Laila Lars Leo Lies Linda Loes Lucia Maaike Malika Marco Maria Marja Mark Marloes Martijn "
    "Mehmet Miep Mila Mohamed Monique Murat Nadia Niels Nora Oscar Paul Peter Petra Piet Pim "
    "Rachid Rania Rens Ria Rik Rob Roos Ruud Said Samira Sander Saskia Selma Sjoerd Sofie "
    "Stefan Sylvia Thea Theo Tim Tineke Tom Ton Trudy Umar Vera Wendy Wil Willem Wim Wouter "
    "Yara Yasmin Youssef Yvonne Zeynep"
).split()
LAST_NAMES = (
    "van Aalst|Aksoy|Amrani|Arslan|Baars|Bakker|van den Berg|Bleeker|de Boer|Bos|Bosma|Brouwer|"
    "de Bruin|Celik|Dekker|Demir|van Dijk|Dijkstra|van Dongen|El Idrissi|Elzinga|van Es|Faber|"
    "Gerritsen|de Graaf|de Groot|de Haan|Haddad|Hamming|Hendriks|Hoekstra|van den Heuvel|"
    "Huisman|Jacobs|Jansen|de Jong|de Jonge|Kaya|Kist|Kok|Koopman|Kramer|Kuiper|Lahlou|"
    "van Leeuwen|van Loon|Maas|Martens|Meijer|Mertens|van der Meulen|Mol|Mulder|Nijhuis|"
    "Oosterhof|Otten|Özdemir|Peters|van der Ploeg|Pol|Post|Postma|Prins|de Ridder|van Rijn|"
    "Roelofs|Rozendal|Sahin|Schouten|Schipper|Smit|Smits|Terpstra|Tjon|van Tol|Veenstra|"
    "van der Veen|Verhoeven|Vermeulen|Visser|van Vliet|de Vos|de Vries|de Waal|van der Wal|"
    "Wiersma|Willems|de Wit|Wolfs|Yilmaz|Zijlstra"
).split("|")


def a_name(chance):
    """A first and a last name, of which there are some thousands."""
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"


def a_phone(chance):
    """A mobile number that nobody has."""
    return f"06-0000 {chance.randrange(10_000):04d}"
