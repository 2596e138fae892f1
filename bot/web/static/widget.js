/* Storekeep's chat: how does a shopper talk with the shop from any page? One script tag, no dependency, text nodes only. */
(() => {
"use strict";
const script = document.currentScript;
const options = script.dataset;
const SHOP = new URL(options.shop || script.src, location.href).origin;
const TITLE = options.title || "Ask the shop";
const LIMIT = 2000;
const LOST = "No connection. Your messages are sent when it is back.";
const PATIENCE = 20000; // ms without an answer
const small = matchMedia("(max-width: 480px)");
const wait = (tries) => Math.min(30000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);

const STYLE = `
:host{all:initial;position:fixed;z-index:2147483000;right:0;bottom:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);color-scheme:light dark;
--accent:var(--storekeep-accent,#1d5c4a);--on:#fff;--bg:#fff;--soft:#f0f4f1;--ink:#16211c;--dim:#54625b;--line:#d5dcd7;--mark:#ffe39b;--bad:#a3261b;--edge:1px solid var(--line)}
@media (prefers-color-scheme:dark){:host{--accent:var(--storekeep-accent,#83d3b4);--on:#0d1a15;--bg:#171e1b;--soft:#222b27;--ink:#e8eeea;--dim:#a5b3ab;--line:#3a4640;--mark:#6b5410;--bad:#ff9d92}}
*{box-sizing:border-box;overflow-wrap:anywhere;margin:0;padding:0;font:inherit;color:inherit}
[hidden]{display:none!important}
button{cursor:pointer;border:0;background:none}
a{color:var(--accent)}h2,h3,.price,.sum,.launch{font-weight:650}ul,ol{list-style:none}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
svg{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round}svg,img{display:block}
.launch,header,form,.state,.chips,.row,.step,.sum,.typing{display:flex;gap:9px;align-items:center}
.launch,.panel{position:fixed;right:20px;bottom:20px;box-shadow:0 8px 40px #0004}
.launch{border-radius:28px;padding:15px 20px 15px 17px}
.launch,.said,.send{background:var(--accent);color:var(--on)}
.dot{position:absolute;top:-2px;right:0;width:16px;height:16px;border-radius:50%;background:#d6402f;border:3px solid var(--bg)}
.panel{left:auto;top:auto;max-width:none;max-height:none;width:min(400px,100vw - 40px);height:min(660px,100vh - 40px);display:flex;flex-direction:column;background:var(--bg);border:var(--edge);border-radius:18px;overflow:hidden}
header{padding:10px 10px 10px 18px;border-bottom:var(--edge)}
h2{flex:1;font-size:16px}
.panel:not([open]){display:none}
.icon,.send{padding:10px;border-radius:50%}
.banner{padding:8px 18px;background:var(--soft)}
.banner,.state,.note,.card,.product,.count{font-size:13px}
.scroll{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;min-height:60px}
.said,.reply,.typing{max-width:86%;padding:9px 14px;border-radius:16px 16px 16px 5px;white-space:pre-wrap;margin-bottom:8px;width:fit-content}
.said{margin-left:auto;border-radius:16px 16px 5px}
.reply,.typing,.icon:hover,.chip:hover,.again:hover,.send:disabled{background:var(--soft)}
.state,.note,.send:disabled,.card blockquote,.step,small,.count,::placeholder{color:var(--dim);opacity:1}
.state{justify-content:flex-end;margin:-4px 2px 10px}.bad{color:var(--bad)}.state svg{width:14px}
.note{margin:12px 0;text-align:center}
.chips{flex-wrap:wrap;margin-bottom:12px}
.chip,.again{border:1px solid;color:var(--accent);border-radius:18px;padding:3px 12px;text-align:left}.chip{padding:6px 14px}
.row{align-items:stretch;overflow-x:auto;padding:3px 3px 10px}
.product,.card{border:var(--edge);border-radius:13px;overflow:hidden}
.product{flex:0 0 196px;display:flex;flex-direction:column;line-height:1.4}
.product .to{display:block;text-decoration:none;color:inherit}a.to:hover strong{text-decoration:underline}
.product img{aspect-ratio:3/2}.to div{padding:9px 11px;display:grid;gap:3px}
.why{margin:0 11px 9px;padding-left:9px;border-left:3px solid var(--line);font-size:12.5px;color:var(--dim);white-space:pre-line}
.acts{margin:auto 11px 11px;display:flex;flex-wrap:wrap;gap:6px}
.act{min-height:30px;padding:3px 9px;border:1px solid var(--line);border-radius:15px;font-size:12.5px;color:var(--accent)}.act:hover{background:var(--soft);border-color:currentColor}
img{width:100%;aspect-ratio:4/3;object-fit:cover;background:var(--soft)}
.card{padding:12px 14px;margin-bottom:10px}
blockquote{margin-bottom:8px;padding-left:11px;border-left:3px solid var(--line);white-space:pre-wrap}
mark{background:var(--mark);color:var(--ink);border-radius:3px;padding:1px 2px}
ol{margin:10px 0}
.step{position:relative;padding:0 0 10px 25px;justify-content:space-between}
.step:before,.step:after{content:"";position:absolute;left:2px;top:4px;width:12px;height:12px;border-radius:50%;border:2px solid var(--line);background:var(--bg);z-index:1}
.step:after{left:7px;width:0;height:auto;border-width:1px;top:16px;bottom:-4px}.step:last-child:after{display:none}
.done{color:var(--ink)}.done:before,.done:after{background:var(--accent);border-color:var(--accent)}
.sum{justify-content:space-between;border-top:var(--edge);margin-top:8px;padding-top:8px}
.typing{margin:0 16px 8px}.typing i{width:7px;height:7px;border-radius:50%;background:var(--dim);animation:blink 1.2s infinite}.typing i+i{animation-delay:.2s}.typing i+i+i{animation-delay:.4s}
@keyframes blink{50%{opacity:.3}}
form{align-items:flex-end;padding:10px 12px 12px;border-top:var(--edge)}
textarea{flex:1;min-width:0;resize:none;max-height:136px;padding:9px 14px;border:1px solid var(--dim);border-radius:20px;background:var(--bg);font-size:16px;line-height:1.4}
.count{padding:6px 18px 0;text-align:right}
.hide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:480px){.panel{inset:0;width:100%;height:100dvh;border:0;border-radius:0}.launch span{display:none}.launch{padding:15px}}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}`;

const ICONS = {
	chat: "M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12Z",
	close: "M6 6l12 12M18 6 6 18",
	send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
	tick: "M4 12.5l5 5L20 6.5",
};

/** The server's refusal: HTTP status (0 through the socket), { code, detail }, seconds to wait. */
class Refused extends Error {
	constructor(status, { code, detail } = {}, seconds) {
		Object.assign(super(detail), { status, code, seconds });
	}
}

async function call(method, path, token, body) {
	const headers = body ? { "Content-Type": "application/json" } : {};
	if (token) headers.Authorization = `Bearer ${token}`;
	const answer = await fetch(SHOP + path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) });
	const data = await answer.json().catch(() => ({}));
	if (!answer.ok) throw new Refused(answer.status, data.error, +answer.headers.get("Retry-After"));
	return data;
}

function newId() {
	if (crypto.randomUUID) return crypto.randomUUID(); // absent on plain http
	const nibble = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
	return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, nibble);
}

/** Where a customer's talk is kept: by the token's "sub", so that a fresh token finds it. */
function keyOf(token = "") {
	let who = token.slice(-12);
	try {
		who = JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub || who;
	} catch { /* a guest, or not a JWT */ }
	return `storekeep:${SHOP}:${who}`;
}

/** Brings each message over once and in order: one at a time, under one id until it is answered. */
class Conversation {
	mine = new Set(); // ids that this tab delivers
	flying = null; // id on its way
	ready = false; // the socket is in use
	plain = false; // plain HTTP is in use
	blockedUntil = 0;
	tries = 0;
	renewals = 0;

	constructor(view) {
		const { customerToken, product } = options;
		Object.assign(this, { customerToken, product, view, key: keyOf(customerToken) });
		addEventListener("storage", (e) => e.key === this.key && this.follow());
		addEventListener("online", () => {
			view.banner("");
			if (view.panel.open || this.kept.queue.length) this.resume();
		});
	}

	/** Session token and unanswered messages; in memory only where storage is closed. */
	get kept() {
		let kept = this.spare;
		try {
			kept ??= JSON.parse(localStorage[this.key]);
		} catch { /* closed or broken storage reads as empty */ }
		const { token, queue } = kept || {};
		return { token, queue: Array.isArray(queue) ? queue.filter((item) => item?.id && item.text) : [] };
	}

	keep(edit) {
		const state = this.kept;
		edit(state);
		try {
			localStorage[this.key] = JSON.stringify(state);
		} catch {
			this.spare = state;
		}
	}

	resume() {
		for (const item of this.kept.queue) this.adopt(item);
		this.connect();
		this.pump();
	}

	adopt(item) {
		if (this.mine.has(item.id)) return;
		this.mine.add(item.id);
		this.view.turn(item.id, item.text, item.failed ? "refused" : "sending", item.failed);
	}

	say(text) {
		this.take({ id: newId(), text, product: this.product });
		this.pump();
	}

	take({ id, text, product }) {
		const item = { id, text, product };
		this.keep((state) => state.queue.push(item));
		this.adopt(item);
	}

	/** What was refused goes again under a new id. */
	retry(id) {
		this.blockedUntil = this.tries = 0;
		const item = this.kept.queue.find((other) => other.id === id);
		if (!item?.failed) return this.pump();
		this.forget(id);
		this.view.drop(id);
		this.say(item.text);
	}

	forget(id) {
		this.keep((state) => { state.queue = state.queue.filter((item) => item.id !== id); });
	}

	/** Another tab wrote: show what it sends, and take over what it does not finish. */
	follow() {
		for (const item of this.kept.queue) {
			if (this.mine.has(item.id)) continue;
			this.view.turn(item.id, item.text, "sending");
			setTimeout(() => this.resume(), PATIENCE);
		}
		this.refresh().catch(() => {});
	}

	async token() {
		if (this.kept.token) return this.kept.token;
		try {
			const { token } = await call("POST", "/api/chat/sessions", null, { customer_token: this.customerToken, anonymous_id: window.storekeep?.anonymousId });
			this.keep((state) => { state.token ||= token; }); // another tab may have been first
			return this.kept.token;
		} catch (error) {
			if (!this.customerToken || ![400, 401, 403, 422].includes(error.status)) throw error;
			this.customerToken = undefined;
			const { queue } = this.kept;
			this.keep((state) => { state.queue = []; });
			this.key = keyOf("");
			this.keep((state) => state.queue.push(...queue));
			this.view.note("We could not confirm your sign-in. You are chatting as a guest.");
			return this.token();
		}
	}

	/** Leaves a session that the server refuses; false after three in a row. */
	renew(old) {
		if (this.kept.token !== old) return true;
		this.keep((state) => { state.token = null; });
		this.view.note("Your chat had expired, so we started a new one.");
		return this.renewals++ < 2;
	}

	async connect() {
		if (this.socket || this.joining) return;
		clearTimeout(this.timer);
		this.joining = true;
		try {
			const token = await this.token();
			const socket = (this.socket = new WebSocket(`${SHOP.replace(/^http/, "ws")}/api/chat/socket`));
			socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token }));
			socket.onmessage = (e) => socket === this.socket && this.hear(JSON.parse(e.data));
			socket.onclose = () => this.lost(socket);
			this.watch(PATIENCE / 2);
		} catch (error) {
			this.later(error);
		} finally {
			this.joining = false;
		}
	}

	watch(ms) {
		clearTimeout(this.watchdog);
		const { socket } = this;
		this.watchdog = setTimeout(() => {
			socket.close();
			this.lost(socket);
		}, ms);
	}

	async lost(socket) {
		if (socket !== this.socket) return;
		const was = this.ready;
		this.socket = this.ready = null;
		clearTimeout(this.watchdog);
		if (was) this.flying = null;
		try {
			if (!was) await this.refresh();
			this.plain = !was;
			this.later();
			if (!was) this.pump();
		} catch (error) {
			this.later(error);
		}
	}

	/** Plans the next attempt; the error stood in the way of even plain HTTP. */
	later(error) {
		if (error) {
			this.plain = false;
			const closed = [401, 403, 404].includes(error.status);
			this.view.banner(closed ? "The chat is not available here." : LOST);
			if (this.tries > 1 || closed) this.kept.queue.forEach((item) => !item.failed && this.view.state(item.id, "late"));
		}
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.connect(), wait(this.tries++));
	}

	async refresh() {
		const token = await this.token();
		try {
			const { turns } = await call("GET", "/api/chat/messages", token);
			const waiting = this.kept.queue.map((item) => item.id);
			this.view.history(turns);
			for (const turn of turns) {
				if (turn.messages) this.forget(turn.id);
				else if (!waiting.includes(turn.id)) this.take(turn);
			}
			this.view.banner("");
		} catch (error) {
			if (error.status !== 401 || !this.renew(token)) throw error;
			return this.refresh();
		}
	}

	hear(frame) {
		const { id } = frame;
		if (id && !this.view.turns.has(id)) this.refresh().catch(() => {}); // from another tab
		if (frame.type === "ready") {
			this.ready = true;
			this.plain = false;
			this.tries = Math.min(this.tries, 1); // a socket that opens and closes is no success
			clearTimeout(this.watchdog);
			this.refresh().catch(() => {}).then(() => this.pump());
		} else if (frame.type === "received" || frame.type === "typing") {
			this.view.state(id, frame.type);
			if (id === this.flying) this.watch(PATIENCE);
		} else if (frame.type === "reply") {
			this.answered(id, frame.messages);
		} else if (frame.type === "error") {
			if (!id) return void (this.ready || this.socket.close());
			this.refused(id, new Refused(0, frame, frame.retry_after));
		}
	}

	pump() {
		if (this.flying || Date.now() < this.blockedUntil) return;
		const item = this.kept.queue.find(({ id, failed }) => this.mine.has(id) && !failed);
		if (!item) return;
		const { id, text, product } = item;
		if (!this.ready && !this.plain) return void this.connect();
		this.flying = id;
		if (!this.ready) return void this.post({ id, text, product });
		this.watch(PATIENCE);
		this.socket.send(JSON.stringify({ type: "message", id, text, product }));
	}

	async post(message) {
		let token;
		this.view.state(message.id, "typing");
		try {
			token = await this.token();
			const { messages } = await call("POST", "/api/chat/messages", token, message);
			this.answered(message.id, messages);
		} catch (error) {
			if (error instanceof Refused) return this.refused(message.id, error, token);
			this.flying = null;
			this.view.state(message.id, "sending");
			this.later(error);
		}
	}

	answered(id, messages) {
		this.forget(id);
		this.view.answer(id, messages);
		this.view.banner("");
		this.renewals = this.tries = 0;
		this.landed(id);
	}

	landed(id, delay = 0) {
		if (this.flying === id) {
			this.flying = null;
			clearTimeout(this.watchdog);
		}
		this.blockedUntil = Date.now() + delay;
		delay ? setTimeout(() => this.pump(), delay + 20) : this.pump();
	}

	refused(id, error, token) {
		const { status, code, seconds } = error;
		if (status === 401 || /token|unknown_c/.test(code)) {
			this.flying = null;
			if (!this.renew(token || this.kept.token)) return this.later(error);
			return this.socket ? this.socket.close() : this.pump();
		}
		if (seconds || status === 429 || status >= 500) {
			this.view.state(id, "waiting", "Not through yet. We keep trying.");
			return this.landed(id, seconds ? seconds * 1000 : wait(this.tries++));
		}
		const why = status === 409 || code === "other_text" ? "This message clashed with an earlier one." : "The shop could not read this message.";
		this.keep((state) => state.queue.forEach((item) => { if (item.id === id) item.failed = why; }));
		this.view.state(id, "refused", why);
		this.landed(id);
	}
}

/** make("div.card", { title: "x" }, child, ...); attributes are optional, absent children are skipped. */
function make(kind, ...children) {
	const [tag, ...classes] = kind.split(".");
	const node = document.createElement(tag);
	node.classList.add(...classes);
	const attributes = children[0]?.constructor === Object ? children.shift() : {};
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
		else if (value != null) node.setAttribute(name, value);
	}
	node.append(...children.filter((child) => child != null && child !== ""));
	return node;
}

function icon(name) {
	const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
	svg.setAttribute("viewBox", "0 0 24 24");
	path.setAttribute("d", ICONS[name]);
	svg.append(path);
	return svg;
}

/** An http(s) address, relative ones on the shop's origin; null for anything else. */
function address(url) {
	try {
		const whole = new URL(url, SHOP);
		return typeof url === "string" && /^https?:$/.test(whole.protocol) ? whole.href : null;
	} catch {
		return null;
	}
}

function link(url, props, ...children) {
	const href = address(url);
	return make(href ? "a" : "span", { ...props, href }, ...children);
}

function linked(text) {
	return String(text).split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/).map((part, i) =>
		i % 2 ? link(part, { rel: "noopener nofollow", target: "_blank" }, part) : part);
}

const picture = (url) => address(url) && make("img", { src: address(url), alt: "", loading: "lazy" });

function day(at) {
	const date = new Date(at);
	return isNaN(date) ? at : date.toLocaleDateString([], { day: "numeric", month: "short", timeZone: at.length > 10 ? undefined : "UTC" });
}

const CARDS = {
	__proto__: null,
	product: (card, say) => make("article.product", { "aria-label": card.title }, link(card.url, { class: "to" }, picture(card.image),
		make("div", make("strong", card.title), make("small", card.subtitle), make("span.price", card.price))),
		card.reason && make("p.why", card.reason),
		card.buttons?.length && make("div.acts", ...card.buttons.map(({ title, payload }) =>
			make("button.act", { "aria-label": `${title}: ${card.title}`, onclick: () => say(payload) }, title)))),
	source(card) {
		const letters = [...String(card.passage)]; // offsets count characters, not UTF-16 units
		const part = (...ends) => letters.slice(...ends).join("");
		return make("figure.card", make("blockquote", part(0, card.start), make("mark", part(card.start, card.end)), part(card.end)),
			make("figcaption", "From: ", link(card.url, {}, card.title)));
	},
	order: (card) => make("section.card", make("h3", card.title || `Order ${card.number}`),
		make("ol", ...(card.steps || []).map((step) => make("li", { class: `step ${step.done ? "done" : ""}` },
			make("span", step.label, make("span.hide", step.done ? " (done)" : " (to come)")),
			step.at && make("time", { datetime: step.at }, day(step.at))))),
		make("ul", ...(card.lines || []).map((line) => make("li", line))),
		make("div.sum", make("span", "Total"), make("span", card.total))),
};

class StorekeepChat extends HTMLElement {
	connectedCallback() {
		const root = this.attachShadow({ mode: "open" });
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(STYLE);
		root.adoptedStyleSheets = [sheet];
		this.turns = new Map(); // id -> {node, state, seen reply ids}
		this.build(root);
		this.talk = new Conversation(this);
		document.addEventListener("click", (e) => {
			const asked = e.target.closest("[data-storekeep-ask]");
			if (!asked) return;
			this.open();
			this.submit(asked.dataset.storekeepAsk.slice(0, LIMIT));
		});
		addEventListener("offline", () => this.banner(LOST));
		let open;
		try {
			open = sessionStorage["storekeep:open"];
		} catch { /* closed storage: a page starts with a closed panel */ }
		if (open && !small.matches) this.open(false);
		else if (this.talk.kept.queue.length) this.talk.resume();
	}

	build(root) {
		const typing = make("div.typing", { hidden: "" }, make("i"), make("i"), make("i"), make("span.hide", "Writing a reply"));
		const log = make("div.scroll", { role: "log", "aria-live": "polite", "aria-label": "Messages", tabindex: 0 },
			make("div.reply", "Hello! Ask about a product, an order, delivery or returns."));
		const field = make("textarea", { rows: 1, maxlength: LIMIT, "aria-label": "Your message", placeholder: "Write a message", oninput: () => this.measure(),
			onkeydown: (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.submit(); } } });
		const send = make("button.send", { "aria-label": "Send", disabled: "" }, icon("send"));
		const [count, strip] = ["count", "banner"].map((name) => make(`p.${name}`, { role: "status", hidden: "" }));
		const panel = make("dialog.panel", { id: "panel", "aria-labelledby": "title", onclose: () => this.closed(), onkeydown: (e) => e.key === "Escape" && panel.close() },
			make("header", make("h2", { id: "title" }, TITLE), make("button.icon", { "aria-label": "Close chat", onclick: () => panel.close() }, icon("close"))),
			strip, log, make("div", { role: "status" }, typing), count, make("form", { onsubmit: (e) => { e.preventDefault(); this.submit(); } }, field, send));
		const dot = make("i.dot", { hidden: "" });
		const launch = make("button.launch", { "aria-expanded": false, "aria-controls": "panel", "aria-label": TITLE, onclick: () => this.open() }, icon("chat"), make("span", TITLE), dot);
		Object.assign(this, { typing, log, field, sender: send, count, strip, panel, dot, launch });
		root.append(launch, panel);
	}

	shown(open) {
		const { launch } = this;
		launch.hidden = open;
		launch.ariaExpanded = open;
		launch.ariaLabel = TITLE;
		this.dot.hidden = true;
		try {
			sessionStorage["storekeep:open"] = open ? 1 : "";
		} catch { /* as above */ }
	}

	open(focus = true) {
		if (!this.panel.open) {
			this.before = document.activeElement;
			small.matches ? this.panel.showModal() : (this.panel.open = true);
			this.shown(true);
			this.talk.resume();
			this.down();
		}
		if (focus) this.field.focus();
	}

	closed() {
		this.shown(false);
		(this.before?.matches("[data-storekeep-ask]") ? this.before : this.launch).focus();
	}

	measure() {
		const { field, count } = this;
		field.style.height = "auto";
		field.style.height = `${field.scrollHeight + 2}px`;
		this.sender.disabled = !field.value.trim();
		const left = LIMIT - field.value.length;
		count.hidden = left > 200;
		count.textContent = `${left} characters left`;
	}

	submit(text = this.field.value) {
		if (!text.trim()) return;
		if (text === this.field.value) this.field.value = "";
		this.measure();
		this.talk.say(text.trim());
	}

	down() {
		this.log.scrollTop = this.log.scrollHeight;
	}

	banner(text) {
		this.strip.hidden = !text;
		this.strip.textContent = text;
	}

	note(text) {
		this.log.append(make("p.note", text));
		this.down();
	}

	drop(id) {
		this.turns.get(id).node.remove();
		this.turns.delete(id);
	}

	turn(id, text, state, note, before = null) {
		if (!this.turns.has(id)) {
			const line = make("div.state");
			const node = make("div", make("div.said", make("span.hide", "You: "), text), line);
			this.turns.set(id, { id, text, node, line, seen: new Set() });
			this.log.querySelectorAll(".chips").forEach((chips) => chips.remove());
			this.log.insertBefore(node, before);
		}
		this.state(id, state, note);
		this.down();
	}

	state(id, state, note) {
		const turn = this.turns.get(id);
		if (!turn || turn.state === "answered") return;
		turn.state = state;
		const bad = state === "refused" || state === "late";
		turn.line.classList.toggle("bad", bad);
		const words = note || { sending: "Sending", late: "Not sent yet" }[state] || "";
		turn.line.replaceChildren(words || make("span.hide", "Received"));
		if (!words) turn.line.append(icon("tick"));
		if (bad) turn.line.append(make("button.again", { onclick: () => { this.field.focus(); this.talk.retry(id); } }, "Try again"));
		this.typing.hidden = ![...this.turns.values()].some((other) => ["received", "typing"].includes(other.state));
	}

	answer(id, messages) {
		const turn = this.turns.get(id);
		if (!turn) return;
		this.state(id, "answered");
		for (const message of messages) {
			if (turn.seen.has(message.id)) continue;
			turn.seen.add(message.id);
			turn.node.append(...this.reply(message));
			if (this.panel.open || this.log.ariaBusy === "true") continue;
			this.dot.hidden = false;
			this.launch.ariaLabel = `${TITLE}, new reply`;
		}
		this.down();
	}

	reply(message) {
		const parts = [];
		if (message.text) parts.push(make("div.reply", make("span.hide", "Shop: "), ...linked(message.text)));
		parts.push(picture(message.image) || "");
		const products = [];
		for (const card of message.cards || []) {
			if (card.kind in CARDS) (card.kind === "product" ? products : parts).push(CARDS[card.kind](card, (text) => this.submit(text)));
		}
		if (products.length) parts.push(make("div.row", { role: "group", "aria-label": "Products", tabindex: 0 }, ...products));
		if (message.buttons?.length) parts.push(make("div.chips", ...message.buttons.map((button) =>
			make("button.chip", { onclick: () => { this.submit(button.payload); this.field.focus(); } }, button.title))));
		return parts;
	}

	/** Shows turns in the server's order, before those that wait here. */
	history(turns) {
		this.log.ariaBusy = "true";
		let before = this.turns.values().next().value?.node || null;
		for (const { id, text, messages } of turns) {
			if (!this.turns.has(id)) this.turn(id, text, "received", "", before);
			else before = this.turns.get(id).node.nextSibling;
			if (messages) this.answer(id, messages);
		}
		this.down();
		this.log.ariaBusy = "false";
	}
}

customElements.define("storekeep-chat", StorekeepChat);
const place = () => document.body.append(document.createElement("storekeep-chat"));
document.body ? place() : addEventListener("DOMContentLoaded", place);
})();
