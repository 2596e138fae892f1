/* Storekeep's tracking: what do shoppers do, told once and only after they agreed? No dependency. */
(() => {
"use strict";
const script = document.currentScript;
let { key, shop, product, consent: known, customerToken: token } = script.dataset;
const ADDRESS = new URL("/api/events", new URL(shop || script.src, location)).href;
const declined = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
let user = subject(token); // "" is a guest
let memory, timer, busy, tries = 0;

function subject(jwt) {
	try {
		return JSON.parse(atob(jwt.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub || "";
	} catch {
		return "";
	}
}

function newId() {
	if (crypto.randomUUID) return crypto.randomUUID(); // absent on plain http
	return Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36).padStart(7, "0")).join("-");
}

/** {id, user, queue, choices by user} */
function read() {
	try {
		return memory ?? JSON.parse(localStorage["storekeep:events"]);
	} catch {
		return {};
	}
}

function edit(change) {
	const state = read();
	change(state);
	try {
		localStorage["storekeep:events"] = JSON.stringify(state);
	} catch {
		memory = state;
	}
}

const choice = () => known ? known === "true" : read().choices?.[user];
const agreed = () => !declined && choice() === true;

/** The random id; who signs out leaves it behind. */
function ownId() {
	const { id, user: last } = read();
	if (!id || last !== user) edit((state) => {
		state.id = id && !last ? id : newId();
		state.user = user;
	});
	return read().id;
}

function tell(type, anonymousId, profiling, more) {
	const context = { consent: { categoryPreferences: { profiling } } };
	const call = { type, messageId: newId(), timestamp: new Date(), anonymousId, userId: user || undefined, context, ...more };
	edit((state) => { state.queue = [...(state.queue ?? []), call].slice(-500); });
	timer ??= setTimeout(flush, 300);
}

const add = (type, more) => agreed() && tell(type, ownId(), true, more);
const waiting = () => (read().queue ?? []).slice(0, 50);
const body = (batch) => JSON.stringify({ writeKey: key, sentAt: new Date(), context: { customerToken: token }, batch });

/** What waits goes out in batches, and stays until the shop has it. */
async function flush() {
	timer = undefined;
	const batch = waiting();
	if (busy || !batch.length) return;
	busy = true;
	const answer = await fetch(ADDRESS, { method: "POST", body: body(batch), keepalive: true, credentials: "omit" }).catch(() => 0);
	busy = false;
	const done = answer && answer.status < 500 && answer.status !== 429;
	if (done) {
		const ids = batch.map((call) => call.messageId);
		edit((state) => { state.queue = state.queue?.filter((call) => !ids.includes(call.messageId)); });
	}
	tries = done ? 0 : tries + 1;
	timer ??= setTimeout(flush, tries && Math.min(60000, 500 * 2 ** tries) * (0.5 + Math.random() / 2));
}

function leave() {
	if (waiting().length) navigator.sendBeacon(ADDRESS, body(waiting()));
}

function begin() {
	api.page();
	if (product) api.track("Product Viewed", { sku: product });
}

const api = window.storekeep = {
	get choice() { return !declined && choice(); },
	get anonymousId() { return agreed() ? ownId() : undefined; },
	consent(given) {
		if (given && declined) return;
		const { id } = read();
		known = "";
		edit((state) => {
			state.choices = { ...state.choices, [user]: given };
			if (!given) state.queue = state.id = undefined;
		});
		if (user || (id && !given)) tell("identify", given ? ownId() : id, given);
		if (given) begin();
	},
	track(event, properties) { add("track", { event, properties }); },
	page() { add("page", { properties: { path: location.pathname } }); },
	identify(jwt, traits) {
		user = subject(token = jwt);
		add("identify", { traits });
	},
	reset() {
		leave();
		user = token = known = "";
		if (read().id) edit((state) => { state.id = undefined; });
	},
};
addEventListener("pagehide", leave);
if (agreed()) begin();
})();
