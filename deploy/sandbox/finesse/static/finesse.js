// The names of finesse.* that the callback gadget uses, in the place of Cisco's library, which may not be shipped.
// Which names, and where each is documented: names.json beside this folder. Written for the fake; no code of Cisco's.
(function () {
  'use strict';
  const handlers = { user: [], add: [], delete: [], tab: [] };
  const dialogs = new Map();
  let agentState = '';
  let connected = false;

  class Dialog {
    #data;
    #changed = [];
    constructor(data) {
      this.#data = data;
    }
    getId() {
      return this.#data.id;
    }
    getState() {
      return this.#data.state;
    }
    getFromAddress() {
      return this.#data.fromAddress;
    }
    getToAddress() {
      return this.#data.toAddress;
    }
    getMediaProperties() {
      return { ...this.#data.mediaProperties };
    }
    addHandler(event, handler) {
      if (event === 'change') this.#changed.push(handler);
    }
    static update(dialog, data) {
      dialog.#data = data;
      dialog.#changed.forEach((handler) => handler(dialog));
    }
  }

  class Dialogs {
    getCollection() {
      return Object.fromEntries(dialogs);
    }
  }

  class User {
    #id;
    constructor({ id, onLoad, onChange }) {
      this.#id = id;
      if (onChange) handlers.user.push(() => onChange(this));
      // The real library asks GET /finesse/api/User/<id> first.
      if (onLoad) setTimeout(() => onLoad(this));
    }
    getId() {
      return this.#id;
    }
    getState() {
      return agentState;
    }
    getDialogs({ onLoad, onCollectionAdd, onCollectionDelete }) {
      if (onCollectionAdd) handlers.add.push(onCollectionAdd);
      if (onCollectionDelete) handlers.delete.push(onCollectionDelete);
      const collection = new Dialogs();
      if (onLoad) setTimeout(() => onLoad(collection));
      return collection;
    }
  }

  const ContainerServices = {
    Topics: { ACTIVE_TAB: 'finesse.containerservices.activeTab' },
    init: () => ContainerServices,
    addHandler: (topic, handler) => {
      if (topic === ContainerServices.Topics.ACTIVE_TAB) handlers.tab.push(handler);
    },
    makeActiveTabReq: () => fakeShindig.tellContainer({ activeTab: true }),
    activateMyTab: () => fakeShindig.tellContainer({ activate: true }),
  };

  window.finesse = {
    clientservices: { ClientServices: { init: () => undefined } },
    containerservices: { ContainerServices },
    gadget: { Config: {} },
    restservices: { User },
  };

  const take = {
    config({ config, state, dialogs: known }) {
      Object.assign(finesse.gadget.Config, config);
      agentState = state;
      known.forEach((data) => dialogs.set(data.id, new Dialog(data)));
      if (connected) return;
      connected = true;
      gadgets.HubSettings.onConnect?.();
    },
    user({ state }) {
      agentState = state;
      handlers.user.forEach((handler) => handler());
    },
    token({ token }) {
      if (finesse.gadget.Config.authToken) finesse.gadget.Config.authToken = token;
    },
    activeTab() {
      handlers.tab.forEach((handler) => handler());
    },
    dialog({ event, dialog: data }) {
      const known = dialogs.get(data.id);
      if (event === 'DELETE') {
        dialogs.delete(data.id);
        if (known) Dialog.update(known, data);
        if (known) handlers.delete.forEach((handler) => handler(known));
      } else if (known) {
        Dialog.update(known, data);
      } else {
        const added = new Dialog(data);
        dialogs.set(data.id, added);
        handlers.add.forEach((handler) => handler(added));
      }
    },
  };

  addEventListener('message', ({ origin, source, data }) => {
    if (origin === location.origin && source === parent && data.finesse) take[data.finesse.topic]?.(data.finesse);
  });
  addEventListener('load', () => fakeShindig.tellContainer({ ready: true }));
})();
