"""What a bookshop writes down about its customers."""

GENRES = (
    "Crime", "Novels", "Children’s books", "History", "Travel", "Poetry", "Cookery", "Science fiction", "Biography",
    "Gardening", "Picture books", "Philosophy",
)  # fmt: skip
TAGS = (
    "reading circle", "newsletter", "crime evening", "pre-orders", "gift wrap", "school list", "first editions",
    "story hour", "large print", "volunteer",
)  # fmt: skip
CALLED = {
    "Oliver": "Olly", "William": "Will", "Margaret": "Peggy", "Thomas": "Tom", "Isabella": "Bella", "Ronald": "Ron",
    "Henry": "Harry", "Katharina": "Käthe", "Wolfgang": "Wolf", "Jacobus": "Kobus", "Johannes": "Hannes",
}  # fmt: skip
SOURCES = ("shop", "web", "town fair", "friend", "library", "flyer", "holiday guest")
REASONS = (
    "You order anything by the next day", "The advice", "Close to the station", "The story hour", "The café corner",
    "You remembered what I read last", "The window with the lighthouse",
)  # fmt: skip
OCCUPATIONS = (
    "Teacher", "Nurse", "Boatbuilder", "Retired", "Student", "Gardener", "Engineer", "Solicitor", "Baker", "Translator",
    "Bus driver", "Potter", "Vet", "Carpenter",
)  # fmt: skip
NOTES = (
    "Waits for the third volume of the lighthouse saga; ring as soon as it is in.",
    "Reads with a magnifying glass: offer the large print edition first.",
    "Buys a picture book for each godchild in December. There are five of them.",
    "Does not want blurbs spoiled. Hand the book over with the back down.",
    "Prefers paperbacks for the train, hardbacks for the shelf.",
    "Asked for a reading list about the history of the ferry.",
    "Collects first editions of sea stories; has numbers 3, 7 and 12 of the Heron Library.",
    "Gives poetry away and reads crime at home.",
    "Takes the children to the story hour on Thursdays.",
    "Would like to be told when the translator comes to read.",
    "Orders by telephone and sends a neighbour to fetch it.",
    "Brought back an atlas with a torn page; exchanged at once.",
    "Likes the smell of new books and says so every time.",
    "Has a voucher of 25 pounds from the choir, not used yet.",
    "Learns Danish and is glad of anything bilingual.",
    "Wants no carrier bag, brings a basket.",
)
NO_REASONS = ("Asked at the till to be left in peace", "Moves abroad in spring", "Only wants letters from now on")
GONE = ("Moved away, address unknown", "Double of the old card index", "Closed the account of the firm")
MET = (
    "Came in for a birthday present and stayed for tea.", "Telephoned about the order of last week.",
    "Praised the window for the harbour festival.", "Asked whether we buy old books. We do, on Tuesdays.",
    "Took the last copy of the ferry book and wants another.", "Will read at the next crime evening.",
    "Recommended us to the whole rowing club.", "The parcel came with a bent corner; sent another.",
)  # fmt: skip
