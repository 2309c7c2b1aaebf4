"""A mail server for tests: it keeps what it gets, and refuses whom it is told to."""

import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """An SMTP server on a port of its own, as a context; `mails` has what arrived.

    `refused` is a part of addresses that it does not take, and says so with the address in it.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, refused=None):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.refused, self.mails, self.callers = refused, [], 0
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    """What is said to one who calls."""

    def say(self, line):
        """Answer with one line."""
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        """Take mails until the caller goes."""
        self.server.callers += 1
        self.say("220 test")
        for line in iter(self.rfile.readline, b""):
            word = line.decode(errors="replace").strip()
            verb = word[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 thanks")
            elif verb == "RCPT" and self.server.refused and self.server.refused in word:
                self.say(f"550 nobody here is called {word[8:]}")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")
