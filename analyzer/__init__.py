"""How will the message you send after an interview land?"""

__version__ = "0.1.0"
