"""What a customer allows: purpose by channel, and every no.

Words: an *answer* is refused, claimed or given. A *claim* is a yes that a file or a colleague asserts without proof: it
allows nothing. A *given* yes names what was shown and how it was heard.

This room refuses to let an import undo a no, and to keep a yes without saying how it was heard.
"""
