from odoo import models
from odoo.tools import format_date, formatLang


class BuurtbemiddelingTargetSentenceMixin(models.AbstractModel):
    """Where a target stands, in one or two plain sentences.

    Each case has a sentence of its own rather than one put together of parts, so that the grammar
    is right for none, one and many, in every language.
    """

    _name = "buurtbemiddeling.target.sentence.mixin"
    _description = "Sentences of a Target"

    def _describe(self, board):
        """Return the words for a ``Board``."""
        self.ensure_one()
        if board.phase == "before":
            return self._describe_before()
        if board.hidden:
            return self._describe_hidden()
        if not self._is_counted() or not board.actual:
            first = self._describe_rate(board)
        elif board.phase == "over":
            first = self._describe_count_over(board)
        elif self.indicator_id.grows:
            first = self._describe_count(board)
        else:
            first = self._describe_stock(board)
        return " ".join(filter(None, (first, self._describe_last(board))))

    # ------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------

    def _is_counted(self):
        """Return whether it is a number of something, with a noun: costs are an amount."""
        return self.indicator_id.kind in ("count", "total") and self.unit != "euros"

    def _say_figure(self, figure, hidden):
        """Return a figure in words, with the base of a share; nothing when there is none."""
        if hidden:
            return self.env._("hidden")
        value = self._get_value(figure)
        if value is None:
            return False
        kind = self.indicator_id.kind
        text = self.indicator_id._format_value(value)
        if kind == "share":
            return self.env._(
                "%(value)s (%(part)s of %(base)s)",
                value=text,
                part=self._say(figure.numerator),
                base=self._say(figure.denominator),
            )
        if kind == "percentile":
            if figure.denominator == 1:
                return self.env._("%s (1 case)", text)
            return self.env._(
                "%(value)s (%(base)s cases)", value=text, base=self._say(figure.denominator)
            )
        return text

    def _say_forecast(self, board):
        """Return the forecast with its interval and what it was read from."""
        if board.hidden or board.phase != "during" or not self.indicator_id.grows:
            return False
        if not board.foreseen:
            return self.env._("too little data")
        low, expected, high = map(self.indicator_id._format_value, self._scale_outlook(board)[:])
        if low == high:
            return expected
        values = {"expected": expected, "low": low, "high": high}
        if board.pace == "days":
            return self.env._("%(expected)s (%(low)s to %(high)s), by days", **values)
        return self.env._("%(expected)s (%(low)s to %(high)s), by earlier years", **values)

    def _say(self, number):
        """Return a number as people read it, with a decimal only if it has one."""
        return formatLang(self.env, number, digits=0 if round(number, 1) == int(number) else 1)

    def _get_words(self, board):
        """Return what the sentences on a count are filled in with."""
        name, count = self.indicator_id._name_counted, self._get_value(board.actual)
        return {
            "actual": self._say(count),
            "target": self._say(self.value),
            "gap": self._say(abs(count - self.value)),
            "counted": name(count),
            "aimed": name(self.value),
            "several": name(0),
            "day": self._say_day(),
        }

    def _say_day(self):
        return format_date(self.env, self._get_due(), date_format="d MMMM")

    # ------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------

    def _describe_before(self):
        return self.env._(
            "%(year)s has not begun yet. The target is %(target)s.",
            year=self.year,
            target=self.value_text,
        )

    def _describe_hidden(self):
        """The same words for what is small and for what would tell it."""
        return self.env._(
            "Not shown, because it is or would tell a small number. The target is %s.",
            self.value_text,
        )

    def _describe_count(self, board):
        """A count that adds up, in a year that runs."""
        words, count = self._get_words(board), self._get_value(board.actual)
        if self.direction == "signal":
            if not count:
                return self.env._("No %(several)s yet; the signal is at %(target)s.", **words)
            return self.env._("%(actual)s %(counted)s; the signal is at %(target)s.", **words)
        at_least = self.direction == "at_least"
        if at_least and self._meets(count):
            return self.env._(
                "%(actual)s %(counted)s: the target of %(target)s is reached.", **words
            )
        if not at_least and not self._meets(count):
            return self.env._(
                "%(actual)s %(counted)s, %(gap)s more than the %(target)s agreed.", **words
            )
        if not count:
            if at_least:
                return self.env._("No %(several)s yet; the target is %(target)s.", **words)
            return self.env._("No %(several)s yet; the target is at most %(target)s.", **words)
        if not board.foreseen:
            if at_least:
                return self.env._(
                    "%(actual)s of the %(target)s %(aimed)s; too few yet to say what it will be on"
                    " %(day)s.",
                    **words,
                )
            return self.env._(
                "%(actual)s %(counted)s, of at most %(target)s; too few yet to say what it will be"
                " on %(day)s.",
                **words,
            )
        expected = board.foreseen.expected
        words.update(forecast=self._say(expected), gap=self._say(abs(expected - self.value)))
        return self._describe_pace(words, expected - self.value)

    def _describe_pace(self, words, gap):
        if self.direction == "at_least":
            if gap < 0:
                return self.env._(
                    "%(actual)s of the %(target)s %(aimed)s; at this pace %(forecast)s on %(day)s,"
                    " %(gap)s too few.",
                    **words,
                )
            if gap > 0:
                return self.env._(
                    "%(actual)s of the %(target)s %(aimed)s; at this pace %(forecast)s on %(day)s,"
                    " %(gap)s more than needed.",
                    **words,
                )
            return self.env._(
                "%(actual)s of the %(target)s %(aimed)s; at this pace %(forecast)s on %(day)s,"
                " just enough.",
                **words,
            )
        if gap > 0:
            return self.env._(
                "%(actual)s %(counted)s, of at most %(target)s; at this pace %(forecast)s on"
                " %(day)s, %(gap)s too many.",
                **words,
            )
        return self.env._(
            "%(actual)s %(counted)s, of at most %(target)s; at this pace %(forecast)s on %(day)s,"
            " which is within the target.",
            **words,
        )

    def _describe_count_over(self, board):
        """A count of which the day has passed."""
        words, count = self._get_words(board), self._get_value(board.actual)
        met = self._meets(count)
        if self.direction == "signal":
            if not count:
                return self.env._(
                    "No %(several)s on %(day)s; the signal was at %(target)s.", **words
                )
            return self.env._(
                "%(actual)s %(counted)s on %(day)s; the signal was at %(target)s.", **words
            )
        if self.direction == "at_most":
            if not met:
                return self.env._(
                    "%(actual)s %(counted)s on %(day)s, %(gap)s more than the %(target)s agreed.",
                    **words,
                )
            if not count:
                return self.env._("No %(several)s on %(day)s: the target is reached.", **words)
            return self.env._(
                "%(actual)s %(counted)s on %(day)s, within the target of at most %(target)s.",
                **words,
            )
        if met:
            return self.env._(
                "%(actual)s %(counted)s on %(day)s: the target of %(target)s is reached.", **words
            )
        if not count:
            return self.env._("No %(several)s on %(day)s; the target was %(target)s.", **words)
        return self.env._(
            "%(actual)s of the %(target)s %(aimed)s on %(day)s, %(gap)s too few.", **words
        )

    def _describe_stock(self, board):
        """How many there are now: it neither adds up nor is foreseen."""
        words, count = self._get_words(board), self._get_value(board.actual)
        if self.direction == "signal":
            if not count:
                return self.env._("Now no %(several)s; the signal is at %(target)s.", **words)
            return self.env._("Now %(actual)s %(counted)s; the signal is at %(target)s.", **words)
        if self._meets(count):
            if self.direction == "at_least":
                return self.env._(
                    "Now %(actual)s %(counted)s; the target is at least %(target)s.", **words
                )
            if not count:
                return self.env._("Now no %(several)s; the target is at most %(target)s.", **words)
            return self.env._(
                "Now %(actual)s %(counted)s; the target is at most %(target)s.", **words
            )
        if self.direction == "at_most":
            return self.env._(
                "Now %(actual)s %(counted)s, %(gap)s more than the %(target)s agreed.", **words
            )
        if not count:
            return self.env._("Now no %(several)s; the target is %(target)s.", **words)
        return self.env._("Now %(actual)s of the %(target)s %(aimed)s, %(gap)s too few.", **words)

    def _describe_rate(self, board):
        """A share, days or a rate: what it is so far, with its base. Only a rate is foreseen."""
        words = {
            "actual": self._say_figure(board.actual, hidden=False),
            "target": self.value_text,
            "day": self._say_day(),
        }
        if not words["actual"]:
            if board.phase == "over":
                return self.env._(
                    "Nothing was counted up to %(day)s; the target was %(target)s.", **words
                )
            return self.env._("Nothing to measure yet; the target is %(target)s.", **words)
        if board.phase == "over":
            return self._describe_rate_over(words, self._meets(self._get_value(board.actual)))
        if self._has_small_base(board):
            return self.env._(
                "So far %(actual)s, which is too few to judge by; the target is %(target)s.",
                **words,
            )
        if board.foreseen and self.direction != "signal":
            words["forecast"] = self.indicator_id._format_value(self._scale_outlook(board).expected)
            if self.direction == "at_least":
                return self.env._(
                    "So far %(actual)s; at this pace %(forecast)s on %(day)s. The target is at"
                    " least %(target)s.",
                    **words,
                )
            return self.env._(
                "So far %(actual)s; at this pace %(forecast)s on %(day)s. The target is at most"
                " %(target)s.",
                **words,
            )
        if self.direction == "at_least":
            return self.env._("So far %(actual)s; the target is at least %(target)s.", **words)
        if self.direction == "at_most":
            return self.env._("So far %(actual)s; the target is at most %(target)s.", **words)
        return self.env._("So far %(actual)s; the signal is at %(target)s.", **words)

    def _describe_rate_over(self, words, met):
        if self.direction == "signal":
            return self.env._("%(actual)s on %(day)s; the signal was at %(target)s.", **words)
        if self.direction == "at_least":
            if met:
                return self.env._(
                    "%(actual)s on %(day)s: the target of at least %(target)s is reached.", **words
                )
            return self.env._(
                "%(actual)s on %(day)s: the target of at least %(target)s is not reached.", **words
            )
        if met:
            return self.env._(
                "%(actual)s on %(day)s: the target of at most %(target)s is reached.", **words
            )
        return self.env._(
            "%(actual)s on %(day)s: the target of at most %(target)s is not reached.", **words
        )

    def _describe_last(self, board):
        """What it was on the same day a year earlier; nothing when the user may not see it."""
        value = self._get_value(board.last)
        if value is None or board.last_hidden:
            return ""
        over = board.phase == "over"
        if not self._is_counted():
            text = self.indicator_id._format_value(value)
            if over:
                return self.env._("The year before it was %s.", text)
            return self.env._("Last year at that time it was %s.", text)
        if not value:
            if over:
                return self.env._("The year before there were none.")
            return self.env._("Last year there were none by then.")
        if value == 1:
            if over:
                return self.env._("The year before there was 1.")
            return self.env._("Last year there was 1 by then.")
        if over:
            return self.env._("The year before there were %s.", self._say(value))
        return self.env._("Last year there were %s by then.", self._say(value))
