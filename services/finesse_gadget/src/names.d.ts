// The names of Finesse's and Shindig's that the gadget uses, and no others: deploy/sandbox/finesse/names.json says where
// each is documented, and a test holds this gadget, that list and the fake together.

declare namespace finesse {
  namespace gadget {
    // developer.cisco.com/docs/finesse/gadget-configuration
    const Config: {
      readonly authorization?: string;
      readonly authToken?: string;
      readonly id: string;
      readonly extension?: string;
      readonly locale?: string;
      readonly theme?: string;
    };
  }
  namespace clientservices {
    const ClientServices: { init(config: typeof gadget.Config): void };
  }
  namespace containerservices {
    // developer.cisco.com/docs/finesse/container-services
    const ContainerServices: {
      readonly Topics: { readonly ACTIVE_TAB: string };
      init(): typeof ContainerServices;
      addHandler(topic: string, handler: () => void): void;
      makeActiveTabReq(): void;
      activateMyTab(): void;
    };
  }
  namespace restservices {
    // developer.cisco.com/docs/finesse/rest-services-dialog, …/dialogbase, …/restbase-common-parameters
    interface Dialog {
      getId(): string;
      getFromAddress(): string;
      getToAddress(): string;
      getMediaProperties(): Readonly<Record<string, string | undefined>>;
    }
    // developer.cisco.com/docs/finesse/restcollectionbase-common-parameters
    interface Dialogs {
      getCollection(): Readonly<Record<string, Dialog>>;
    }
    class User {
      constructor(options: { id: string; onLoad: (user: User) => void });
      getDialogs(handlers: {
        onLoad: (dialogs: Dialogs) => void;
        onCollectionAdd: (dialog: Dialog) => void;
        onCollectionDelete: (dialog: Dialog) => void;
      }): Dialogs;
    }
  }
}

declare namespace gadgets {
  interface Answer {
    readonly rc: number;
    readonly text?: string;
    readonly headers?: Readonly<Record<string, readonly string[]>>;
  }
  const HubSettings: { onConnect: () => void };
  class Prefs {
    getString(name: string): string;
    getMsg(name: string): string;
  }
  namespace io {
    const RequestParameters: Readonly<Record<'METHOD' | 'HEADERS' | 'POST_DATA' | 'REFRESH_INTERVAL', string>>;
    function makeRequest(url: string, callback: (answer: Answer) => void, parameters: Record<string, unknown>): void;
  }
  namespace util {
    function getUrlParameters(): Readonly<Record<string, string>>;
  }
  namespace window {
    function adjustHeight(height?: number): void;
    function setTitle(title: string): void;
  }
}
