// The container page of the fake: it frames the gadget, passes notifications on to it, and has the controls.
'use strict';
const byId = (id) => document.getElementById(id);
const frame = byId('gadget');
let page;

const toGadget = (message) => frame.contentWindow.postMessage({ finesse: message }, location.origin);

async function begin() {
  page = await (await fetch('/desktop/state')).json();
  const { gadget } = await (await fetch('/desktop/layout')).json();
  byId('agent').textContent = `Agent ${page.config.id}, extension ${page.config.extension}`;
  document.body.classList.toggle('dark', page.config.theme === 'dark');
  byId('status').textContent = page.state;
  page.dialogs.forEach(list);
  const url = gadget.startsWith('/') ? location.origin + gadget : gadget;
  frame.src = `/gadgets/ifr?url=${encodeURIComponent(url)}`;
  const stream = new EventSource('/desktop/events');
  stream.onmessage = ({ data }) => take(JSON.parse(data));
  stream.onerror = () => {
    stream.close();
    // The real desktop tries this node for some seconds first, then signs in at the other one, as here.
    location.replace(`${page.otherNode}/desktop/container/`);
  };
}

function take(message) {
  if (message.topic === 'heartbeat') return;
  if (message.topic === 'user') byId('status').textContent = message.state;
  if (message.topic === 'dialog') list(message.dialog, message.event);
  toGadget(message);
}

function list({ id, state, fromAddress, toAddress }, event) {
  const known = [...byId('dialogs').options].find((option) => option.value === id);
  if (event === 'DELETE') known?.remove();
  else if (!known) byId('dialogs').add(new Option(`${fromAddress} → ${toAddress} ${state}`, id));
}

addEventListener('message', async ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== location.origin) return;
  const { ready, height, title, activeTab, activate } = data.gadget ?? {};
  // What is true by now: calls may have come while the gadget was loading.
  if (ready) toGadget({ topic: 'config', ...(await (await fetch('/desktop/state')).json()) });
  if (height) frame.height = String(height);
  if (title) byId('title').textContent = title;
  if (activeTab) toGadget({ topic: 'activeTab' });
  if (activate) frame.scrollIntoView();
});

const control = (path, body, method = 'POST') =>
  fetch(`/_control/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
  });

byId('controls').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target, event.submitter);
  const agent = page.config.id;
  const variables = form.get('account') ? { BAAccountNumber: form.get('account') } : {};
  const call = { agent, phone: form.get('phone'), queue: form.get('queue'), variables };
  const act = (action) => form.get('dialog') && control(`calls/${form.get('dialog')}/${action}`);
  const actions = {
    'call-in': () => control('calls', { ...call, kind: 'in' }),
    'dialer-call': () => control('calls', { ...call, kind: 'dialer' }),
    answer: () => act('answer'),
    wrap_up: () => act('wrap_up'),
    end: () => act('end'),
    state: () => control(`agents/${agent}/state`, { state: form.get('state') }),
    failover: () => control(`nodes/${page.node}`, { mode: 'down' }),
    expire: () => control(`agents/${agent}/token`, undefined, 'DELETE'),
    renew: () => control(`agents/${agent}/token`),
  };
  actions[form.get('do')]();
});

begin();
