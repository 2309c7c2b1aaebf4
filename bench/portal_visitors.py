"""People on the portal: mediators, referrers, and who asks something of another app."""

import re
from datetime import date

from lxml import html

from .visitors import Refused, Visitor


class PortalVisitor(Visitor):
    """Someone on the portal, who begins with a list of one's own."""

    HOME = ""
    OPENED = ""  # what the link to one of them looks like

    def prepare(self):
        self.overview()

    def overview(self):
        """My list."""
        self.home = self.page(self.HOME)

    def links(self):
        """Where the list leads to."""
        found = [link.partition("?")[0] for link in self.home.xpath("//a/@href")]
        return [link for link in found if re.fullmatch(self.OPENED, link)]

    def opened(self):
        """One of the list."""
        links = self.links()
        if not links:
            raise Refused(f"the list of {self.login} is empty")
        self.page(links[self.place % len(links)])


class Mediator(PortalVisitor):
    """A mediator on the portal."""

    HOME = "/my/bemiddelingen"
    OPENED = rf"{HOME}/\d+"
    script = (("overview", 20), ("case", 40), ("report", 60), ("overview", 20), ("case", 40))

    def prepare(self):
        super().prepare()
        if not (links := self.links()):
            raise Refused(f"{self.login} has no case")
        self.case_path = links[0]
        self.case()

    def case(self):
        """The page of a case."""
        self.case_page = self.page(self.case_path)

    def report(self):
        """Write a report about a party, with the hours."""
        links = self.case_page.xpath("//a[contains(@href, '/verslag?')]/@href")
        form = self.page(next(link for link in links if "party=" in link))
        texts = form.xpath("//textarea/@name")
        mark = self.load.mark()
        answer = self.submit(
            form,
            self.case_path + "/verslag",
            **{texts[0]: f"Gesprek {mark}", "hours": "2", "date": date.today().isoformat()},
        )
        self.case_page = html.fromstring(answer.content)
        self.load.written("buurtbemiddeling.visit.report", "text", mark)


class Referrer(PortalVisitor):
    """A referrer on the portal."""

    HOME = "/my/verwijzingen"
    OPENED = rf"{HOME}/\d+"
    script = (("overview", 30), ("opened", 30), ("new", 90))

    def new(self):
        """Refer a resident."""
        mark = self.load.mark()
        path = f"{self.HOME}/nieuw"
        self.submit(
            self.page(path),
            path,
            name=f"Bewoner {mark}",
            phone="06-0000 1234",
            feedback="yes",
            consent="1",
        )
        self.load.written("res.partner", "name", mark)


class TicketOwner(PortalVisitor):
    """Someone on the portal of helpdesk, with tickets of one's own."""

    ours = False
    HOME = "/my/tickets"
    OPENED = r"/my/ticket/\d+"
    script = (("overview", 20), ("opened", 40), ("overview", 20), ("opened", 40), ("new", 75))

    def new(self):
        """Ask something."""
        mark = self.load.mark()
        page = self.page("/new/ticket")
        categories = [value for value in page.xpath("//select[@name='category']/option/@value")]
        self.submit(
            page,
            "/submitted/ticket",
            subject=f"Overlast {mark}",
            description="Er is overlast.",
            category=next((value for value in categories if value), ""),
        )
        self.load.written("helpdesk.ticket", "name", mark)
