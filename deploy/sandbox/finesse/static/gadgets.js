// The names of gadgets.* that the callback gadget uses, as Apache Shindig offers them to a gadget of Finesse.
// Which names, and where each is documented: names.json beside this folder. Written for the fake; no code of Cisco's.
(function () {
  'use strict';
  let given = { prefs: {}, messages: {}, title: '' };

  const tellContainer = (message) => parent.postMessage({ gadget: message }, location.origin);

  class Prefs {
    getString(name) {
      return given.prefs[name] ?? '';
    }
    getMsg(name) {
      return given.messages[name] ?? '';
    }
  }

  const RequestParameters = {
    METHOD: 'METHOD',
    HEADERS: 'HEADERS',
    POST_DATA: 'POST_DATA',
    REFRESH_INTERVAL: 'REFRESH_INTERVAL',
  };

  function makeRequest(url, callback, parameters = {}) {
    const form = new URLSearchParams({
      url,
      httpMethod: parameters.METHOD ?? 'GET',
      headers: new URLSearchParams(parameters.HEADERS ?? {}).toString(),
      postData: parameters.POST_DATA ?? '',
    });
    if (parameters.REFRESH_INTERVAL !== undefined) form.set('refresh', String(parameters.REFRESH_INTERVAL));
    fetch('/gadgets/makeRequest', { method: 'POST', body: form })
      .then(async (answer) => (answer.ok ? answer.json() : { rc: answer.status, text: '', errors: [answer.statusText] }))
      .catch(() => ({ rc: 0, text: '', errors: ['No answer of Finesse'] }))
      .then(callback);
  }

  window.gadgets = {
    HubSettings: { onConnect: null },
    Prefs,
    io: { RequestParameters, makeRequest },
    util: { getUrlParameters: () => Object.fromEntries(new URLSearchParams(location.search)) },
    window: {
      adjustHeight: (height) => tellContainer({ height: height ?? Math.ceil(document.body.getBoundingClientRect().height) }),
      setTitle: (title) => tellContainer({ title }),
    },
  };

  window.fakeShindig = {
    tellContainer,
    setUp: (data) => {
      given = data;
      if (data.title) gadgets.window.setTitle(data.title);
    },
  };
})();
