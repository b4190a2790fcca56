/* judge.c - whether a mail without a machine part is a bounce. */
#include "mail/judge.h"

#include "mail/fields.h"
#include "mail/phrases.h"

/* Who writes bounces; looked for in From and Sender. */
static const char *const DAEMONS[] = { "mailer-daemon", "mailer_daemon",
	"mailerdaemon", "mail-daemon", "maildaemon", "mail daemon",
	"mailer daemon", "mail delivery", "mail deliver", "postmaster",
	"post_master", "delivery system", "delivery subsystem", "mail system",
	"mail administrator", "system administrator", "mailadmin", "mail-admin",
	"bounce@", "bounces@", "virenschutz", "mimesweeper", "interscan",
	"mailsweeper", "<>", "smtp gateway", "mail router", "mailrouter",
	"mail gateway", "e-mail system", "daemon@", "no-reply@amazonworkmail",
	"noreply@googlegroups", "mailgate", "mailmarshal", "mailscanner",
	"inetgw", "jetmail", "listserv", "majordomo", "mta@", "smtp@",
	"mailhub", "uucp@" };

static const char *const SUBJECTS[] = { "returned mail", "undeliver",
	"failure notice", "delivery fail", "delivery status", "mail failure",
	"failed mail", "delivery notification", "delivery error",
	"returned to sender", "return to sender", "returning message",
	"mail error", "mail system error", "not delivered",
	"could not be delivered", "couldn't be delivered", "could not deliver",
	"cannot be delivered", "can't be delivered", "unable to deliver",
	"delivery problem", "delivery report", "delivery has failed",
	"non remis", "non delivery", "non-delivery", "nondeliverable",
	"unknown user", "user unknown", "unknown address", "unzustellbar",
	"fehlgeschlagen", "nicht zugestellt", "mail delivery",
	"message delivery", "error sending your mail", "rejected",
	"message status", "problem delivering", "mail not deliver",
	"invalid address", "mailbox full", "mailbox is full", "over quota",
	"quota exceeded", "bounce", "ndn:", "ndr:", "warning: message",
	"warning: could not send", "message delayed", "delayed",
	"mail could not", "message could not", "message not", "error mail",
	"no mailbox", "echec", "nichtzustellbar", "unbekannt", "devuelto",
	"no entregado", "non recapitabil", "mancata consegna", "email error",
	"e-mail error", "delivery attempt", "user not known",
	"message rejected", "message blocked", "blocked", "inactive account",
	"does not exist", "not exist", "loop alert" };

/* What only a bounce says of itself. */
static const char *const WORDS[] = { "permanent error", "permanently",
	"permanent fatal error", "fatal error", "permanent failure",
	"undeliver", "not delivered", "not be delivered", "unable to deliver",
	"able to deliver your", "cannot deliver", "could not deliver",
	"couldn't deliver", "couldn't be delivered", "can't deliver",
	"cannot be delivered", "can't be delivered", "failed to deliver",
	"failed to reach", "did not reach", "not reach the following",
	"failed to be delivered", "delivery to the following", "delivery fail",
	"delivery failure", "delivery of your message", "delivery error",
	"delivery errors", "delivery status", "user unknown", "unknown user",
	"unknown recipient", "recipient unknown", "unknown address",
	"no such user", "not a known user", "user not known", "unknown local",
	"unknown host", "host unknown", "no such recipient", "no mailbox here",
	"no such mailbox", "no such account", "not have an account",
	"doesn't have a", "does not exist", "doesn't exist", "no longer valid",
	"not our customer", "invalid address", "invalid recipient",
	"invalid mailbox", "mailbox full", "mailbox is full",
	"mailbox unavailable", "mailbox quota", "over quota", "overquota",
	"quota exceeded", "exceeded quota", "disk quota", "exceed",
	"storage limit", "transcript of session", "session transcript",
	"failed addresses", "following address", "following recipient",
	"failed recipient", "did not receive", "not accept", "rejected",
	"refused", "returned", "undelivered", "server message",
	"not yet been delivered", "will be retried", "delivery attempts",
	"error occur", "errors occur", "error has occur", "trouble delivering",
	"mail error", "unrouteable", "did not exactly match", "address error",
	"bad address", "error while", "bounce", "mail delivery",
	"delivery notification", "recipient", "550 ", "554 ", "553 ", "552 ",
	"551 ", "#5.", "5.1.1", "not exist", "failure reasons", "unzustellbar",
	"nicht zugestellt", "konnte nicht", "non remis", "n'a pas pu",
	"no pudo", "inconnu", "unbekannt", "desconocid", "delayed", "postponed",
	"not a valid", "not listed",
	/* "was not, cannot be delivered" */
	"nicht ausgeliefert", "nicht zustellbar", "pas été remis",
	"pas pu être", "pas été distribué", "impossible de remettre",
	"no se ha entregado", "no se pudo", "no se ha podido",
	"no fue entregado", "no ha sido entregado", "no puede ser entregado",
	"non è stato consegnat", "non è stato recapitat", "non recapitat",
	"impossibile recapitare", "mensagem devolvida", "mensaje devuelto",
	"impossibile consegnare", "não pôde ser entregue", "não foi entregue",
	"não foi possível", "niet worden bezorgd", "niet bezorgd",
	"niet afgeleverd", "inte levereras", "ikke leveres", "ikke levert",
	"ei voitu toimittaa", "nie została dostarczona", "nie można dostarczyć",
	"nie dostarczono", "nelze doručit", "nepodařilo doručit",
	"nebyla doručena",
	"nem kézbesíthető", "nem sikerült kézbesíteni", "teslim edilemedi",
	"не доставлен", "не было доставлено", "не была доставлена",
	"быть доставлено", "е удалось доставить", "е вдалося доставити",
	"не доставлено", "届きませんでした", "配信できません", "配送できません",
	"送信できません", "退信", "退回", "无法送达", "無法送達", "未能送达",
	"无法投递", "無法投遞", "投递失败", "반송", "전송되지", "전송 실패",
	"전송에 실패", "발송 실패", "발송실패" };

/* What is enough where only the null return path says who writes. */
static const char *const SURE[] = { "not be delivered to",
	"following recipient", "following address", "undeliverable",
	"user unknown", "permanent error", "permanent fatal", "mailbox full",
	"mailbox is full", "no such user", "unable to deliver",
	"not a valid user", "could not deliver", "delivery failed",
	"failed permanently", "5.1.1", "could not be delivered",
	"not delivered", "did not reach", "returned to sender",
	"delivery has failed", "no mailbox here", "duplicated message-id in" };

/* What a program says of itself where it greets. */
static const char *const GREETED[] = { "this is the", "mail system", "program",
	"mail server", "mailer", "your message", "your mail", "your e-mail" };

/* People and their machines who answer. */
static const char *const ANSWERS[] = { "out of office", "out of the office",
	"out-of-office", "auto reply", "auto-reply", "autoreply",
	"auto response", "auto-response", "autoresponse", "autorespond",
	"automatic reply", "automatic response", "automated reply",
	"automated response", "automatische antwort", "automatisch", "vacation",
	"on holiday", "on leave", "away from", "abwesen", "absence", "absent",
	"reponse automatique", "respuesta autom", "risposta automatica",
	"resposta autom", "please confirm", "confirm your",
	"confirmation required", "verify your", "verification required",
	"thank you for", "ticket", "[case", "your request", "we have received",
	"we received", "acknowledg", "challenge", "whitelist",
	"read:", "gelesen:", "lu :", "accepted:", "declined:", "tentative:",
	"quarantine", "digest", "report domain:", "dmarc",
	"réponse automatique", "Réponse automatique", "autoantwort",
	"автоответ", "Автоответ", "自動返信", "自动回复", "不在",
	/* Exchange's words before the subject, by language. */
	"automatiskt svar", "automatisk svar", "autosvar",
	"automaattinen vastaus", "automaatne vastus", "sjálfvirkt svar",
	"odpowiedź automatyczna", "automatická odpov", "automatikus válasz",
	"răspuns automat", "samodejni odgovor", "automatski odgovor",
	"automatinis atsakymas", "automātiskā atbilde", "otomatik yanıt",
	"resposta automàtica", "trả lời tự động", "balasan otomatis",
	"автоматический ответ", "Автоматический ответ",
	"автоматична відповідь", "Автоматична відповідь",
	"автоматичен отговор", "Автоматичен отговор", "αυτόματη απάντηση",
	"Αυτόματη απάντηση", "自動応答", "自动答复", "自動回覆", "자동 회신",
	"자동 응답", "תשובה אוטומטית", "מענה אוטומטי", "الرد التلقائي",
	"رد تلقائي", "การตอบกลับอัตโนมัติ" };

/* What people say who tell of a bounce. */
static const char *const SELVES[] = { "i tried to write", "i tried to send",
	"i tried to mail", "i tried to email", "i tried to e-mail",
	"i tried to reach", "i tried to contact", "i wrote", "i sent", "i got",
	"i received", "i keep getting", "my mail", "my e-mail", "my email",
	"my message", "somebody help", "someone help", "anybody help",
	"anyone help", "do you have", "ich habe", "meine mail", "meine e-mail",
	"meine nachricht", "j'ai ", " mon message", " mi mensaje",
	" mi correo" };

/* What people who leave, or move, say of who reads their mail now. */
static const char *const SUCCESSORS[] = { "successor", "new address",
	"new e-mail", "new email", "new mail", "please contact",
	"please write to", "please use", "instead", "has left", "have left",
	"left the company", "no longer work", "nachfolge", "neue adresse",
	"neue e-mail", "neue mail", "wenden sie sich", "nicht mehr bei uns",
	"nouvelle adresse", "veuillez", "contacter", "nueva direcc",
	"nuevo correo", "nuovo indirizzo", "nieuwe adres", "novo endere" };

static const char *const DELAYS[] = { "not yet been delivered",
	"not yet delivered", "still not been delivered", "will be retried",
	"warning message only", "attempts will continue", "has been delayed",
	"have been delayed", "is delayed", "was delayed", "been postponed",
	"will keep trying", "will continue to try", "will be attempted",
	"do not need to resend", "temporarily delayed",
	"delivery is being delayed", "could not send message for past",
	"still trying to deliver", "still being tried", "delivery delayed",
	"continue trying to deliver", "retry for another",
	"delivery attempts will", "going to try again", "only a warning",
	/* "not yet", "will be tried again" */
	"noch nicht zugestellt", "weiter versucht", "weiterhin versucht",
	"versuchen es weiter", "pas encore pu être", "pas encore été remis",
	"nouvelles tentatives seront", "sera retent", "aún no se ha",
	"todavía no se ha", "seguirá intentando", "non è stato ancora",
	"non è ancora stato", "verranno effettuati", "ainda não foi",
	"serão feitas novas tentativas", "nog niet bezorgd",
	"nog niet worden bezorgd", "opnieuw geprobeerd",
	"jeszcze nie został", "dosud nebyla doručena",
	"попытки доставки будут", "попытки будут продолжены",
	"пока не доставлен", "ещё не доставлен", "еще не доставлен",
	"まだ配信され", "再送を試み", "将继续尝试", "將繼續嘗試" };

/* A delay report that gave up after all. */
static const char *const GIVEN_UP[] = { "given up", "giving up", "permanently",
	"permanent error", "permanent failure", "has failed",
	"no further attempt", "no further deliver", "nicht weiter versucht",
	"endgültig", "dauerhaft", "aufgegeben", "définitive", "abandonn",
	"definitiv", "permanente", "non verranno", "não serão",
	"окончательн", "прекращен" };

static const char *const ENDS[] = { "below this line",
	"is a copy of the message", "is a copy of your", "original message",
	"original mail", "original e-mail", "original text",
	"message header follows",
	"message headers follow", "unsent message", "returned message",
	"undelivered message follows", "message follows", "forwarded message",
	"header of the source mail", "copy of the original",
	"enclosed is a copy", "included is a copy", "mensaje original",
	"message text follows", "first 50 lines", "rejected message",
	"header of the original", "headers of the original", "received message",
	"text of the message", "message headers", "undeliverable message",
	"the attached message", "body of the message", "start of returned",
	"begin returned", "start of message", "email header", "mail header",
	"header text", "ursprüngliche nachricht", "urspruengliche nachricht",
	"message d'origine", "messaggio originale", "oorspronkelijk bericht" };

static const char *const RETURNED_FIELDS[] = { "Return-Path", "Received",
	"Message-ID", "MIME-Version", "DKIM-Signature", "X-Originating-IP",
	"X-Mailer" };

static bool
is_answer_or_forward(struct str subject)
{
	static const char *const HEADS[] = { "re:", "fwd:", "fw:", "aw:", "wg:",
		"sv:", "vs:", "antw:", "rv:", "tr:" };

	for (size_t i = 0; i < COUNT(HEADS); i++)
		if (str_istarts(subject, str_from(HEADS[i])))
			return true;
	return false;
}

bool
judge_is_daemon(struct str head)
{
	struct str from = fields_get(head, STR("From"));

	return PHRASES_IN(from, DAEMONS) || (from.p != NULL && from.n == 0) ||
	    PHRASES_IN(fields_get(head, STR("Sender")), DAEMONS);
}

/* RFC 3834 says auto-replied for vacations, whose return path may be null (RFC
 * 5230); Exim says it of bounces too, but then a daemon does. */
static bool
is_auto_replied(struct str head)
{
	struct str mark = fields_get(head, STR("Auto-Submitted"));

	if (!str_istarts(mark, STR("auto-replied")))
		return false;
	/* Sieve's comment. */
	if (str_ifind(mark, STR("vacation")) < mark.n)
		return true;
	return !judge_is_daemon(head) &&
	    !str_istarts(fields_get(head, STR("Content-Type")),
		STR("multipart/report"));
}

static bool
is_auto_answer(struct str head)
{
	static const char *const MARKS[] = { "X-Autoreply", "X-Autorespond",
		"X-Auto-Response-From", "X-AutoReply-From", "X-Vacation",
		"X-Auto-Reply" };

	for (size_t i = 0; i < COUNT(MARKS); i++)
		if (fields_get(head, str_from(MARKS[i])).n > 0)
			return true;
	return is_auto_replied(head) ||
	    str_istarts(
		fields_get(head, STR("Precedence")), STR("auto_reply"));
}

/* Whether words begin as a person's do who shows somebody a bounce. */
static bool
is_greeting(struct str words)
{
	static const char *const GREETINGS[] = { "hi", "hello", "hey", "dear",
		"hallo", "guten tag", "good morning", "good afternoon",
		"bonjour", "hola", "ciao", "please help", "can you",
		"could you", "i get this", "i got this" };
	struct str line;

	words = str_trim(words);
	line = str_sub(words, 0, str_chr(words, '\n'));
	/* "Hi. This is the qmail-send program", "Hello, your mail to" */
	if (PHRASES_IN(line, WORDS) || PHRASES_IN(line, GREETED))
		return false;
	for (size_t i = 0; i < COUNT(GREETINGS); i++) {
		struct str g = str_from(GREETINGS[i]);

		if (str_istarts(line, g) &&
		    (line.n == g.n || !ascii_is_alnum(line.p[g.n])))
			return true;
	}
	return false;
}

bool
judge_is_by_machine(struct str head)
{
	struct str mark = fields_get(head, STR("Auto-Submitted"));

	return str_eq(fields_get(head, STR("Return-Path")), STR("<>")) ||
	    str_istarts(mark, STR("auto-")) ||
	    fields_get(head, STR("X-Failed-Recipients")).n > 0 ||
	    fields_get(head, STR("X-MLServer")).n > 0;
}

/* Whether somebody answers at a daemon's address: a domain's postmaster reads
 * what comes back. Apache James answers, too ("Re:Our news"), but no bounce;
 * bounces of programs have a null return path, or none where it is lost. */
static bool
is_answer_of_person(const struct judge_mail *m)
{
	if (judge_is_by_machine(m->head) || !is_answer_or_forward(m->subject))
		return false;
	if (m->path.n > 0)
		return true;
	return (fields_get(m->head, STR("In-Reply-To")).n > 0 ||
		   fields_get(m->head, STR("References")).n > 0) &&
	    (PHRASES_IN(m->subject, SUBJECTS) || is_greeting(m->words));
}

/* Whether who writes is on the envelope, which programs that report leave
 * empty. */
static bool
is_on_envelope(const struct judge_mail *m)
{
	struct str from = fields_address(fields_get(m->head, STR("From")));

	return m->path.n > 0 && str_ieq(m->path, from);
}

/* Whether who is no daemon writes as people do: of himself, or with his own
 * address on the envelope. */
static bool
is_by_person(const struct judge_mail *m)
{
	return !judge_is_by_machine(m->head) &&
	    (is_greeting(m->words) || PHRASES_IN(m->words, SELVES) ||
		is_on_envelope(m));
}

bool
judge_is_shown(const struct judge_mail *m)
{
	return is_answer_or_forward(m->subject) && is_on_envelope(m) &&
	    !judge_is_by_machine(m->head) && !judge_is_daemon(m->head);
}

/* Whether who writes, and how, speaks for a bounce. A shop's own subject may
 * sound like one ("delivery delayed") and comes back in people's answers, so
 * whoever is no daemon must say more. */
static bool
looks_like_bounce(const struct judge_mail *m)
{
	bool null =
	    str_eq(fields_get(m->head, STR("Return-Path")), STR("<>"));

	if (judge_is_daemon(m->head))
		return !is_answer_of_person(m) &&
		    (PHRASES_IN(m->subject, SUBJECTS) ||
			PHRASES_IN(m->words, WORDS));
	if (is_answer_or_forward(m->subject) || is_by_person(m))
		return false;
	return (null || PHRASES_IN(m->subject, SUBJECTS)) &&
	    PHRASES_IN(m->words, SURE);
}

static bool
is_answer(const struct judge_mail *m)
{
	if (is_auto_answer(m->head))
		return true;
	for (size_t i = 0; i < COUNT(ANSWERS); i++)
		if (str_istarts(m->subject, str_from(ANSWERS[i])))
			return true;
	return PHRASES_IN(m->subject, ANSWERS) &&
	    !PHRASES_IN(m->subject, SUBJECTS);
}

enum judged
judge_mail(const struct judge_mail *m)
{
	if (fields_get(m->head, STR("X-Failed-Recipients")).n == 0 &&
	    (is_answer(m) || !looks_like_bounce(m)))
		return JUDGED_OTHER;
	return judge_is_delay(m->words) ? JUDGED_DELAY : JUDGED_BOUNCE;
}

bool
judge_is_delay(struct str words)
{
	return PHRASES_IN(words, DELAYS) && !PHRASES_IN(words, GIVEN_UP);
}

bool
judge_names_successor(struct str head, struct str words)
{
	static const char *const NOBODY[] = { "noreply", "no-reply",
		"donotreply", "do-not-reply" };

	return !judge_is_daemon(head) &&
	    !PHRASES_IN(fields_get(head, STR("From")), NOBODY) &&
	    PHRASES_IN(words, SUCCESSORS);
}

/* Whether a line, trimmed, is made to stand out as more than a sentence. */
static bool
stands_out(struct str line)
{
	return str_starts(line, STR("-")) || str_starts(line, STR("*")) ||
	    str_ends(line, STR(":"));
}

bool
judge_ends_words(struct str line)
{
	struct str rest = line;
	struct field f;

	while (rest.n > 0 && (ascii_is_space(rest.p[0]) || rest.p[0] == '>'))
		rest = str_skip(rest, 1);
	if (fields_next(&rest, &f))
		for (size_t i = 0; i < COUNT(RETURNED_FIELDS); i++)
			if (str_ieq(f.name, str_from(RETURNED_FIELDS[i])))
				return true;
	/* Sentences that speak of it do not end it. */
	if (stands_out(str_trim(line)) && PHRASES_IN(line, ENDS))
		return true;
	for (size_t i = 0; i < COUNT(ENDS); i++)
		if (line.n > 0 && ascii_lower(line.p[0]) == ENDS[i][0] &&
		    str_istarts(line, str_from(ENDS[i])))
			return true;
	return false;
}
