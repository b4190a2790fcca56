/* class.c - the classes a reply or report may have: who is at fault, what. */
#include "verdict/class.h"

#define NOBODY_IS_SUPPRESSED \
	"nobody is suppressed; counted, an incident when many"

static const char GONE[] = "the address is suppressed at the first strong "
			   "report, or on the second distinct day of weak ones";
static const char GONE_DOMAIN[] =
    "the address is suppressed for 30 days; "
    "the domain after 3 distinct days over 7 days without a delivery";
static const char SOFT[] = "nobody is suppressed; counted against the "
			   "receiving domain";
static const char SENDER[] = NOBODY_IS_SUPPRESSED;
static const char IGNORED[] = "nothing; it is no evidence";
static const char COMPLAINT[] = "the address is suppressed at the first "
				"report, everywhere and without end";
static const char OPTOUT[] = "the address is suppressed at the first report, "
			     "for the stream it left";

static const struct class_info CLASSES[] = {
	{ CLASS_UNKNOWN, "unknown", DECISION_COUNT_SOFT, "nobody",
	    "nothing tells what the reply means",
	    "nobody is suppressed; listed among the unknown replies" },
	{ CLASS_GONE_MAILBOX, "gone.mailbox", DECISION_SUPPRESS_ADDRESS,
	    "recipient", "the mailbox does not exist", GONE },
	{ CLASS_GONE_SYNTAX, "gone.syntax", DECISION_SUPPRESS_ADDRESS,
	    "recipient", "the address cannot exist as it is written", GONE },
	{ CLASS_GONE_INACTIVE, "gone.inactive", DECISION_SUPPRESS_ADDRESS,
	    "recipient", "the mailbox is disabled or not in use",
	    "the address is suppressed after 2 distinct days over at least "
	    "3 days" },
	{ CLASS_GONE_MOVED, "gone.moved", DECISION_SUPPRESS_ADDRESS,
	    "recipient", "the mailbox moved or belongs to somebody else",
	    GONE },
	{ CLASS_GONE_DOMAIN, "gone.domain", DECISION_SUPPRESS_DOMAIN,
	    "recipient", "the recipient's domain does not exist", GONE_DOMAIN },
	{ CLASS_GONE_NULLMX, "gone.nullmx", DECISION_SUPPRESS_DOMAIN,
	    "recipient", "the recipient's domain says that it takes no mail",
	    GONE_DOMAIN },
	{ CLASS_FULL_MAILBOX, "full.mailbox", DECISION_COUNT_SOFT, "recipient",
	    "the mailbox is full",
	    "the address is suppressed for 30 days after 5 distinct messages "
	    "over 14 days" },
	{ CLASS_FULL_SYSTEM, "full.system", DECISION_COUNT_SOFT, "provider",
	    "the receiving system has no space left", SOFT },
	{ CLASS_REFUSED_PERSONAL, "refused.personal", DECISION_COUNT_SOFT,
	    "recipient", "the person or group takes no mail from this sender",
	    "the address is suppressed for the stream, for 90 days, after 3 "
	    "distinct messages over 14 days" },
	{ CLASS_REFUSED_LISTEXP, "refused.listexp", DECISION_COUNT_SOFT,
	    "provider", "a mailing list at the receiver could not be expanded",
	    "nobody is suppressed; counted" },
	{ CLASS_TEMP_GREYLIST, "temp.greylist", DECISION_COUNT_SOFT, "provider",
	    "the receiver asks to try again later (greylisting)",
	    "nobody is suppressed; the next try is expected to pass" },
	{ CLASS_TEMP_SYSTEM, "temp.system", DECISION_COUNT_SOFT, "provider",
	    "the receiving system has a fault of its own", SOFT },
	{ CLASS_TEMP_NETWORK, "temp.network", DECISION_COUNT_SOFT, "provider",
	    "no connection, or one that broke", SOFT },
	{ CLASS_TEMP_DNS, "temp.dns", DECISION_COUNT_SOFT, "provider",
	    "the name service gave no answer", SOFT },
	{ CLASS_TEMP_ROUTE, "temp.route", DECISION_COUNT_SOFT, "provider",
	    "the mail found no way to the receiver, or went in a loop", SOFT },
	{ CLASS_TEMP_EXPIRED, "temp.expired", DECISION_COUNT_SOFT, "provider",
	    "the message waited in the queue until it was too old", SOFT },
	{ CLASS_BLOCK_IP, "block.ip", DECISION_SENDER_FAULT, "sender",
	    "the sending IP address is on a blocklist", SENDER },
	{ CLASS_BLOCK_REPUTATION, "block.reputation", DECISION_SENDER_FAULT,
	    "sender", "the sender's reputation is too low", SENDER },
	{ CLASS_BLOCK_CONTENT, "block.content", DECISION_SENDER_FAULT, "sender",
	    "the message looks like spam", SENDER },
	{ CLASS_BLOCK_ATTACHMENT, "block.attachment", DECISION_SENDER_FAULT,
	    "sender", "an attachment is not allowed", SENDER },
	{ CLASS_BLOCK_VIRUS, "block.virus", DECISION_SENDER_FAULT, "sender",
	    "a virus was found in the message",
	    "nobody is suppressed; look at the sending system at once" },
	{ CLASS_BLOCK_AUTH, "block.auth", DECISION_SENDER_FAULT, "sender",
	    "SPF, DKIM or DMARC did not pass", SENDER },
	{ CLASS_BLOCK_PTR, "block.ptr", DECISION_SENDER_FAULT, "sender",
	    "the sending IP address has no matching reverse name", SENDER },
	{ CLASS_BLOCK_RATE, "block.rate", DECISION_SENDER_FAULT, "sender",
	    "too much mail in too short a time", SENDER },
	{ CLASS_BLOCK_POLICY, "block.policy", DECISION_SENDER_FAULT, "sender",
	    "the receiver's policy refuses the message", SENDER },
	{ CLASS_BLOCK_RELAY, "block.relay", DECISION_COUNT_SOFT, "provider",
	    "the host does not take mail for this domain",
	    "nobody is suppressed; counted against the domain, which may "
	    "have moved" },
	{ CLASS_SENDER_ADDRESS, "sender.address", DECISION_SENDER_FAULT,
	    "sender", "the sender's own address or domain is refused", SENDER },
	{ CLASS_SENDER_PROTOCOL, "sender.protocol", DECISION_SENDER_FAULT,
	    "sender", "the receiver did not understand the sender", SENDER },
	{ CLASS_SENDER_SIZE, "sender.size", DECISION_SENDER_FAULT, "sender",
	    "the message is too large", SENDER },
	{ CLASS_SENDER_SMTPUTF8, "sender.smtputf8", DECISION_SENDER_FAULT,
	    "sender", "the receiver takes no international addresses", SENDER },
	{ CLASS_SENDER_TLS, "sender.tls", DECISION_SENDER_FAULT, "sender",
	    "encryption is missing or failed", SENDER },
	{ CLASS_SENDER_LOGIN, "sender.login", DECISION_SENDER_FAULT, "sender",
	    "the relay wants a login, or refused it", SENDER },
	{ CLASS_SENDER_CONFIG, "sender.config", DECISION_SENDER_FAULT, "sender",
	    "a system in between is set up wrongly", SENDER },
	{ CLASS_SELF_SUPPRESSED, "self.suppressed", DECISION_IGNORE, "nobody",
	    "PowerMTA's own suppression list refused it", IGNORED },
	{ CLASS_SELF_DELETED, "self.deleted", DECISION_IGNORE, "nobody",
	    "an operator deleted it from the queue", IGNORED },
	{ CLASS_SELF_NODELIVERY, "self.nodelivery", DECISION_IGNORE, "nobody",
	    "the sending MTA gave up by itself, without asking the "
	    "receiver",
	    IGNORED },
	{ CLASS_DSN_DELAYED, "dsn.delayed", DECISION_IGNORE, "nobody",
	    "a notice that delivery takes longer", IGNORED },
	{ CLASS_DSN_RELAYED, "dsn.relayed", DECISION_IGNORE, "nobody",
	    "a notice that the mail was delivered or passed on", IGNORED },
	{ CLASS_AUTO_REPLY, "auto.reply", DECISION_IGNORE, "nobody",
	    "an automatic answer of the recipient", IGNORED },
	{ CLASS_AUTO_CHALLENGE, "auto.challenge", DECISION_IGNORE, "nobody",
	    "the recipient's system asks for a confirmation", IGNORED },
	{ CLASS_AUTO_SUBSCRIBE, "auto.subscribe", DECISION_IGNORE, "nobody",
	    "a subscription by mail", IGNORED },
	{ CLASS_AUTO_UNSUBSCRIBE, "auto.unsubscribe", DECISION_IGNORE,
	    "recipient", "an unsubscription by mail", OPTOUT },
	{ CLASS_FBL_ABUSE, "fbl.abuse", DECISION_COMPLAINT, "recipient",
	    "the recipient called it spam", COMPLAINT },
	{ CLASS_FBL_OPTOUT, "fbl.optout", DECISION_COMPLAINT, "recipient",
	    "the recipient asked for no more", OPTOUT },
	{ CLASS_FBL_FRAUD, "fbl.fraud", DECISION_COMPLAINT, "recipient",
	    "the recipient called it fraud", COMPLAINT },
	{ CLASS_FBL_VIRUS, "fbl.virus", DECISION_COMPLAINT, "recipient",
	    "the recipient's side reports a virus in it", COMPLAINT },
	{ CLASS_FBL_AUTH_FAILURE, "fbl.auth-failure", DECISION_IGNORE, "sender",
	    "a report that SPF, DKIM or DMARC failed", IGNORED },
	{ CLASS_FBL_NOT_SPAM, "fbl.not-spam", DECISION_IGNORE, "nobody",
	    "the recipient said that it is no spam", IGNORED },
	{ CLASS_DELIVERED, "delivered", DECISION_IGNORE, "nobody",
	    "the message was delivered", IGNORED },
	{ CLASS_RECEIVED, "received", DECISION_IGNORE, "nobody",
	    "the message was taken for sending", IGNORED },
	{ CLASS_MANUAL, "manual", DECISION_SUPPRESS_ADDRESS, "recipient",
	    "a person or an import put it on the list",
	    "the entry stands until somebody lifts it" },
};

static const char *const DECISIONS[] = {
	[DECISION_IGNORE] = "ignore",
	[DECISION_SUPPRESS_ADDRESS] = "suppress-address",
	[DECISION_SUPPRESS_DOMAIN] = "suppress-domain",
	[DECISION_COUNT_SOFT] = "count-soft",
	[DECISION_SENDER_FAULT] = "sender-fault",
	[DECISION_COMPLAINT] = "complaint",
};

const struct class_info *class_info(enum class c)
{
	for (size_t i = 0; i < COUNT(CLASSES); i++)
		if (CLASSES[i].class == c)
			return &CLASSES[i];
	return &CLASSES[0];
}

const char *class_name(enum class c)
{
	return class_info(c)->name;
}

bool
class_of(struct str name, enum class *out)
{
	for (size_t i = 0; i < COUNT(CLASSES); i++)
		if (str_ieq(name, str_from(CLASSES[i].name))) {
			*out = CLASSES[i].class;
			return true;
		}
	return false;
}

const struct class_info *
class_table(size_t *n)
{
	*n = COUNT(CLASSES);
	return CLASSES;
}

bool class_is_gone(enum class c)
{
	return c >= CLASS_GONE_MAILBOX && c <= CLASS_GONE_NULLMX;
}

const char *
decision_name(enum decision d)
{
	return (size_t)d < COUNT(DECISIONS) ? DECISIONS[d] : "ignore";
}

bool
decision_of(struct str name, enum decision *out)
{
	for (size_t i = 0; i < COUNT(DECISIONS); i++)
		if (str_ieq(name, str_from(DECISIONS[i]))) {
			*out = (enum decision)i;
			return true;
		}
	return false;
}

bool
class_fits(struct str want, enum class c)
{
	struct str name;

	if (want.n == 0)
		return true;
	name = str_from(class_name(c));
	return str_eq(want, name) ||
	    (str_starts(name, want) && name.p[want.n] == '.');
}
