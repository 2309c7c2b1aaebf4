"""A small mail server for tests, which takes letters, refuses them, or keeps the sender waiting."""

import email
import email.policy
import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; `letters` are those that it took, `mails` the same as bytes.

    `refused` has answers by a part of an address; `{}` in it is the whole address. While `is_open`
    is cleared it has taken a letter, and does not say so yet: that is when `waiting` is set.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port=0, refused=None):
        super().__init__(("127.0.0.1", port), Talk)
        self.port = self.server_address[1]
        self.mails, self.refused, self.callers = [], refused or {}, 0
        self.is_open, self.waiting = threading.Event(), threading.Event()
        self.is_open.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_exception):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_args):
        """Whoever was killed says no goodbye."""

    @property
    def letters(self):
        """The letters that were taken, read."""
        read = email.message_from_bytes
        return [read(mail, policy=email.policy.default) for mail in self.mails]

    def received(self, address):
        """The ids of the letters that an address got."""
        return [letter["Message-Id"] for letter in self.letters if address in letter["To"]]


class Talk(socketserver.StreamRequestHandler):
    """What is said with one sender."""

    def handle(self):
        """Answer line by line."""
        self.server.callers += 1
        self.say("220 test")
        while line := self.rfile.readline().decode(errors="replace").strip():
            command = line.split()[0].upper()
            if command == "DATA":
                self.take()
            elif command == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                refused = self.server.refused.items()
                said = (text.format(address) for part, text in refused if part in address)
                self.say(next(said, "250 ok"))
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self):
        """Take a letter."""
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line)
        self.server.mails.append(b"".join(lines))
        if not self.server.is_open.is_set():
            self.server.waiting.set()
            self.server.is_open.wait(60)
        self.say("250 ok")

    def say(self, text):
        """Answer."""
        self.wfile.write(f"{text}\r\n".encode())
