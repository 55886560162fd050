// Begins when Finesse has connected the gadget: developer.cisco.com/docs/finesse/import-finesse-javascript-api.
import { Api, type Answer, type Credentials } from './api.ts';
import { Desk } from './desk.ts';
import { Texts } from './texts.ts';
import { element, View } from './view.ts';
import { wire } from './wiring.ts';

const API = '/api/v1';

gadgets.HubSettings.onConnect = () => {
  const { Config } = finesse.gadget;
  const prefs = new gadgets.Prefs();
  const texts = new Texts((name) => prefs.getMsg(name));
  const tag = (Config.locale ?? 'en_US').replace('_', '-');
  dress(Config.theme, tag, texts.of('title'));
  finesse.clientservices.ClientServices.init(Config);
  const container = finesse.containerservices.ContainerServices.init();
  container.addHandler(container.Topics.ACTIVE_TAB, () => gadgets.window.adjustHeight());
  container.makeActiveTabReq();
  new ResizeObserver(() => gadgets.window.adjustHeight()).observe(document.body);

  const desk = new Desk(
    new Api(sender(apiAddress(prefs)), credentials),
    new View(texts, { tag, now: () => new Date() }),
    texts,
    Config.id,
    () => container.activateMyTab(),
  );
  wire(desk);
  const began = (dialog: finesse.restservices.Dialog) =>
    void desk.callBegan({
      id: dialog.getId(),
      shown: shownNumber(dialog, Config.extension) || texts.of('unknown_caller'),
    });
  void desk.connect();
  new finesse.restservices.User({
    id: Config.id,
    onLoad: (user) =>
      user.getDialogs({
        onLoad: (dialogs) => Object.values(dialogs.getCollection()).forEach(began),
        onCollectionAdd: began,
        onCollectionDelete: (dialog) => void desk.callEnded(dialog.getId()),
      }),
  });
};

/** Read anew each time: with single sign-on the token changes while the gadget is open. */
function credentials(): Credentials {
  const { id, authorization, authToken } = finesse.gadget.Config;
  return { agentId: id, ...(authToken ? { authToken } : { authorization: authorization ?? '' }) };
}

/** The preference `api`; else where the gadget came from, when Campaign Manager itself serves it. */
function apiAddress(prefs: gadgets.Prefs): string {
  const set = prefs.getString('api').replace(/\/+$/, '');
  return (set || new URL(gadgets.util.getUrlParameters()['url'] ?? '', location.href).origin) + API;
}

/** On a call of the dialer the customer is the toAddress: developer.cisco.com/docs/finesse/dialog-notification. */
function shownNumber(dialog: finesse.restservices.Dialog, extension: string | undefined): string {
  const outbound = dialog.getFromAddress() === extension;
  return outbound ? dialog.getToAddress() : dialog.getFromAddress();
}

function sender(base: string) {
  const { METHOD, HEADERS, POST_DATA, REFRESH_INTERVAL } = gadgets.io.RequestParameters;
  return (method: string, path: string, headers: Record<string, string>, body: unknown): Promise<Answer> =>
    new Promise((resolve) => {
      const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
      gadgets.io.makeRequest(
        base + path,
        ({ rc, text, headers: answered }) => {
          const seconds = Number(answered?.['retry-after']?.[0]);
          resolve({ status: rc, text: text ?? '', retryAfter: Number.isFinite(seconds) ? seconds : undefined });
        },
        {
          [METHOD]: method,
          [HEADERS]: { Accept: 'application/json', ...type, ...headers },
          [POST_DATA]: body === undefined ? '' : JSON.stringify(body),
          // Finesse's proxy keeps answers otherwise.
          [REFRESH_INTERVAL]: 0,
        },
      );
    });
}

function dress(theme: string | undefined, language: string, title: string): void {
  const dark = theme ? /dark/i.test(theme) : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  document.documentElement.lang = language;
  document.title = title;
  gadgets.window.setTitle(title);
  element('gadget').lang = language;
}
