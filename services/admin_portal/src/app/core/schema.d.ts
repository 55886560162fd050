// Made from the admin API by `make portal-client`: do not edit.
export interface paths {
    "/admin/api/v1/api-clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API clients */
        get: operations["listApiClients"];
        put?: never;
        /** Create an API client; the answer holds its key */
        post: operations["createApiClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/api-clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show an API client */
        get: operations["getApiClient"];
        /** Change an API client; its key stays */
        put: operations["updateApiClient"];
        post?: never;
        /** Delete an API client that never booked; others can be disabled */
        delete: operations["deleteApiClient"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/api-clients/{id}/end-previous-key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the key before the present one now; it is refused within a second */
        post: operations["endPreviousApiClientKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/api-clients/{id}/key": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an API client a new key; the old one works until `oldKeyEndsAt`, and is refused within a second then */
        post: operations["replaceApiClientKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what was done, the latest first */
        get: operations["listAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in; the answer sets the session's cookie */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session, on every node */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/logout-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End every session of this person, this one too */
        post: operations["logoutEverywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The person of this session */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways to log in, the local one first */
        get: operations["listLoginMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the person has a second factor */
        get: operations["getMfa"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/mfa/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the authenticator count from now on; the answer holds the recovery codes */
        post: operations["confirmMfaEnrolment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/mfa/enrolment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret for an authenticator; what there was counts until a code of the new one was sent */
        post: operations["beginMfaEnrolment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New recovery codes in place of those there are */
        post: operations["replaceRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/mfa/removal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in with the password alone from now on; 403 where the role must have a second factor */
        post: operations["removeMfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Come back from the provider; sets the session's cookie */
        get: operations["finishOidcLogin"];
        put?: never;
        /** Come back by response_mode=form_post: browsers send the attempt's cookie with the GET that follows */
        post: operations["postOidcLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/oidc/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Go to the provider */
        get: operations["beginOidcLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/oidc/refusals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a login was refused, by the word in the login page's address */
        get: operations["listLoginRefusals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a new password; every session of this person ends, and this one goes on as a new one */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where this person is logged in, the latest work first */
        get: operations["listOwnSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Search callbacks, the latest first; more than 10,000 are not counted */
        get: operations["searchCallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/{account_number}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        /** Show a callback with its call data, timeline and attempts */
        get: operations["getCallback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/{account_number}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a scheduled callback; its place is free again */
        post: operations["cancelCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/{account_number}/dispatch-now": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the master hand over a scheduled callback with its next cycle */
        post: operations["dispatchCallbackNow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/{account_number}/reschedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a scheduled callback to another start */
        post: operations["rescheduleCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/bulk-cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have every scheduled callback of a filter cancelled by a job, if they are as many as `count` says */
        post: operations["bulkCancelCallbacks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/bulk-cancel/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have what a bulk cancel (by the id of its job) cancelled restored by a job, where the places are free */
        post: operations["undoBulkCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/callbacks/bulk-cancel/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a bulk cancel would cancel: the scheduled callbacks of a filter by day and skill, and the first ones */
        post: operations["previewBulkCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List campaigns */
        get: operations["listCampaigns"];
        put?: never;
        /** Create a campaign; the master then creates it in UCCE */
        post: operations["createCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a campaign */
        get: operations["getCampaign"];
        /** Change a campaign; the master then brings the change to UCCE. With dryRun only tell what its window does */
        put: operations["updateCampaign"];
        post?: never;
        /** Delete a campaign that was never used and that UCCE has disabled; in UCCE it stays, disabled */
        delete: operations["deleteCampaign"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/{id}/adopt": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take over a campaign that stands in UCCE (one of holdFound): the master then makes it what is desired */
        post: operations["adoptCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/{id}/make-anew": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the master create the campaign in UCCE, beside the one that is not ours */
        post: operations["makeCampaignAnew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have the master switch a campaign on again that somebody switched off in UCCE */
        post: operations["resumeCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/{id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** What UCCE has of a campaign, and what differs from the desired state */
        get: operations["getCampaignSync"];
        put?: never;
        /** Have the master bring the desired state to UCCE again with its next cycle */
        post: operations["requestCampaignSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/campaigns/parameters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The table of parameters: kinds, ranges, defaults, help */
        get: operations["listCampaignParameters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/daily-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List daily schedules */
        get: operations["listDailySchedules"];
        put?: never;
        /** Create a daily schedule */
        post: operations["createDailySchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/daily-schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a daily schedule */
        get: operations["getDailySchedule"];
        /** Change a daily schedule; with dryRun only tell what that would do */
        put: operations["updateDailySchedule"];
        post?: never;
        /** Delete a daily schedule that no weekly one uses */
        delete: operations["deleteDailySchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/do-not-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List numbers that are never called back */
        get: operations["listDoNotCall"];
        put?: never;
        /** Put a number on the list; its callbacks that wait are cancelled */
        post: operations["addDoNotCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/do-not-call/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole list as CSV; an import reads it as it is */
        get: operations["exportDoNotCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/do-not-call/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the numbers of a CSV file put on the list by a job; each line that fails is told there
         * @description Columns `phone` and, if there is one, `note`; a first line that names them, or no such line and the number first. UTF-8; comma, semicolon or tab. Good lines are taken even where others fail; 4 MiB and 350000 lines at most. `counts` are `added`, `updated` (on the list already; the note is new), `unchanged` (on the list already, or twice in the file) and `failed`: every line is in exactly one of them. Callbacks that wait for the numbers are cancelled; `callbacksCancelled` counts them. `dryRun`: the job only counts.
         */
        post: operations["importDoNotCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/do-not-call/removals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take numbers off the list */
        post: operations["removeDoNotCall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List erasures: who asked when, how many rows, and what is left */
        get: operations["listErasures"];
        put?: never;
        /** Erase a person: cancel what is scheduled, remove what is personal, and say what is left; safe to repeat */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show an erasure and what is left of it */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/erasures/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an erasure of a number would be about; changes nothing */
        post: operations["previewErasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, the latest first */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a job with the first lines of its result */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a job that waits or runs; what it did stays */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/jobs/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** The result so far as CSV: the lines of an import that failed, or what became of each callback */
        get: operations["getJobResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a job that failed go on where it stopped */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Callbacks by state, today's slots, the master, UCCE, the brakes */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/live/brakes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop or resume taking bookings, or handing over: for everything, a skill or a campaign */
        post: operations["setBrakes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/reports/made": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callbacks made
         * @description Every attempt that was dialled, first ones and retries, how long after its own time, and what came of it. The dial time is when UCCE's list first showed it: at most a reading late. The exact second, the agent and the talk time stand only in UCCE's history database (HDS). With `format=csv` or `Accept: text/csv` the whole report as a file.
         */
        get: operations["getMadeReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/reports/realtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Scheduled callbacks in real time
         * @description Every open callback: waiting for its time, or at the dialer. With `format=csv` or `Accept: text/csv` the whole report as a file.
         */
        get: operations["getRealtimeReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/reports/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callback requests
         * @description Per half hour: how often a callback was asked for, whether slots were offered, and how it ended: scheduled, no_slots, refused (the outcome says why) or not_completed. With `format=csv` or `Accept: text/csv` the whole report as a file.
         */
        get: operations["getRequestsReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/reports/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callback results
         * @description Per half hour: how the callbacks ended. With `format=csv` or `Accept: text/csv` the whole report as a file.
         */
        get: operations["getResultsReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/reports/scheduled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Callbacks scheduled
         * @description Per half hour: places, and how many callbacks were booked and in which state they are. Slots to the booking horizon are there with their places also where nobody booked. With `format=csv` or `Accept: text/csv` the whole report as a file.
         */
        get: operations["getScheduledReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all settings */
        get: operations["listSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** Show a setting */
        get: operations["getSetting"];
        /** Change a setting */
        put: operations["updateSetting"];
        post?: never;
        /** Go back to the default */
        delete: operations["resetSetting"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skill-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List assignments */
        get: operations["listSkillSchedules"];
        put?: never;
        /** Assign a weekly schedule to a skill, or to a skill in a campaign, from a day on */
        post: operations["createSkillSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skill-schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show an assignment */
        get: operations["getSkillSchedule"];
        /** Change an assignment; with dryRun only tell what that would do */
        put: operations["updateSkillSchedule"];
        post?: never;
        /** Remove an assignment; the one before it holds on */
        delete: operations["deleteSkillSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skill-schedules/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** The slots of the coming days of this assignment's pool, with what is booked */
        get: operations["previewSkillSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skill-schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The slots of the coming days of a skill, or of a campaign's own pool for it */
        get: operations["previewPool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List skills */
        get: operations["listSkills"];
        put?: never;
        /** Create a skill */
        post: operations["createSkill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/skills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a skill */
        get: operations["getSkill"];
        /** Change a skill */
        put: operations["updateSkill"];
        post?: never;
        /** Delete a skill that was never used */
        delete: operations["deleteSkill"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Nodes, versions, the master, dependencies */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/system/masterships": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was master when, and why it ended */
        get: operations["listMasterships"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/time-zones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the time zones that the server knows */
        get: operations["listTimeZones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users */
        get: operations["listUsers"];
        put?: never;
        /** Create a user with a first password */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a user */
        get: operations["getUser"];
        /** Change a user; a disabled one is logged out at once */
        put: operations["updateUser"];
        post?: never;
        /** Delete a user and log them out at once */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a user a new password, to be changed at the next login; all their sessions end, and the lock */
        post: operations["resetUserPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/users/{id}/reset-mfa": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a user's second factor away, who lost it; all their sessions end */
        post: operations["resetUserMfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/users/{id}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End every lock of an account */
        post: operations["unlockUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/weekly-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List weekly schedules */
        get: operations["listWeeklySchedules"];
        put?: never;
        /** Create a weekly schedule */
        post: operations["createWeeklySchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/api/v1/weekly-schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        /** Show a weekly schedule */
        get: operations["getWeeklySchedule"];
        /** Change a weekly schedule; with dryRun only tell what that would do */
        put: operations["updateWeeklySchedule"];
        post?: never;
        /** Delete a weekly schedule that is assigned to no skill */
        delete: operations["deleteWeeklySchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AffectedSlot: {
            booked: number;
            campaign: string | null;
            campaignId: string | null;
            capacity: number;
            capacityBefore: number;
            skill: string;
            skillId: string;
            /** Format: date-time */
            start: string;
            timeZone: string;
        };
        Alternative: {
            available: number;
            /** Format: date-time */
            end: string;
            /** Format: date-time */
            start: string;
        };
        ApiClient: {
            always200: boolean;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            enabled: boolean;
            id: string;
            /** @description The key's last characters */
            keyHint: string;
            /**
             * Format: date-time
             * @description When the key was last used, to a minute
             */
            lastUsedAt: string | null;
            name: string;
            /** @description The key before, while it works beside this one */
            previousKey: components["schemas"]["PreviousKey"] | (Record<string, never> | null);
            ratePerSecond: number | null;
            scopes: string[];
            version: number;
        };
        ApiClientPage: {
            items: components["schemas"]["ApiClient"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        ApiClientWithKey: {
            always200: boolean;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            enabled: boolean;
            id: string;
            /** @description Shown this once; only its hash is kept */
            key: string;
            /** @description The key's last characters */
            keyHint: string;
            /**
             * Format: date-time
             * @description When the key was last used, to a minute
             */
            lastUsedAt: string | null;
            name: string;
            /** @description The key before, while it works beside this one */
            previousKey: components["schemas"]["PreviousKey"] | (Record<string, never> | null);
            ratePerSecond: number | null;
            scopes: string[];
            version: number;
        };
        ApiClientWrite: {
            /**
             * @description The flat calls for voice answer refusals as 200 with `result`, where a request does not say
             * @default false
             */
            always200?: boolean;
            enabled: boolean;
            name: string;
            /**
             * @description null: the settings' rate of its scope
             * @default null
             */
            ratePerSecond?: number | null;
            scopes: ("ivr" | "ops")[];
        };
        Attempt: {
            batchId: string;
            callResult: number | null;
            callsMade: number | null;
            /** @description As UCCE spells it; while it is open, as last seen */
            callStatus: string | null;
            campaign: string;
            /** Format: date-time */
            claimedAt: string;
            contactKey: string;
            epoch: number;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: date-time */
            importedAt: string | null;
            message: string | null;
            node: string;
            number: number;
            outcome: string | null;
        };
        AuditEntry: {
            action: string;
            address: string | null;
            /** @description What changed, as it is */
            after: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            at: string;
            /** @description What changed, as it was */
            before: {
                [key: string]: unknown;
            } | null;
            id: string;
            /** @description The name it had then */
            label: string | null;
            requestId: string | null;
            resource: string;
            resourceId: string | null;
            /** @description user:<name>, client:<name> */
            who: string;
        };
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        Brakes: {
            acceptBookings: boolean;
            handOver: boolean;
            /** @description Who switched it off for everything: `user:`, `client:` or, by itself, `worker:`… */
            handOverStoppedBy: string | null;
            pausedCampaigns: components["schemas"]["Paused"][];
            pausedSkills: components["schemas"]["Paused"][];
        };
        BrakesWrite: {
            acceptBookings?: boolean;
            /** @description With handOver */
            campaignId?: string;
            handOver?: boolean;
            /** @description With acceptBookings */
            skillId?: string;
        };
        BulkCancel: {
            accountNumber?: string;
            campaignId?: string;
            /**
             * @description How many there are, as the preview said; otherwise 409 count_changed
             * @default null
             */
            count?: number | null;
            /** @description Those that start then or later: a date (of the slot's own zone), `today` (there), or an instant with offset */
            from?: string;
            phone?: string;
            /** @description An account number or a phone number */
            q?: string;
            /** @default null */
            reason?: string | null;
            skillId?: string;
            /** @default [] */
            status?: ("scheduled" | "importing" | "imported" | "completed" | "failed" | "cancelled" | "expired")[];
            /** @description Those that start before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
            to?: string;
            /**
             * @description How many callbacks the list shows by this filter, scheduled or not (its `total`); the preview answers 409 count_changed when it selects another number
             * @default null
             */
            total?: number | null;
            /**
             * @description true: only those that UCCE has had for longer than a result should take
             * @default false
             */
            withoutResult?: boolean;
        };
        BulkGroup: {
            count: number;
            /**
             * Format: date
             * @description Of the slot, in its own zone
             */
            date: string;
            skill: string;
            skillId: string;
        };
        BulkPreview: {
            /** @description Scheduled callbacks that would be cancelled */
            count: number;
            /** @description The first of them */
            first: components["schemas"]["CallbackSummary"][];
            /** @description The count by day and skill */
            groups: components["schemas"]["BulkGroup"][];
            /** @description The most that one request cancels */
            limit: number;
        };
        CallbackDetail: {
            accountNumber: string;
            agentId: string | null;
            /**
             * @description How the script said that the personal callback ended
             * @enum {string|null}
             */
            agentOutcome: "agent" | "skill" | "agent_unavailable" | null;
            apiClient: string | null;
            attemptList: components["schemas"]["Attempt"][];
            attempts: number;
            callData: {
                [key: string]: string;
            };
            callId: string | null;
            campaign: string;
            campaignId: string;
            /** Format: date-time */
            changedAt: string;
            consent: components["schemas"]["Consent"];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description The start in the customer's zone
             */
            customerStart: string;
            /** @description Of the customer: as stated, else by the number, else that of the slot */
            customerTimeZone: string;
            /**
             * Format: date-time
             * @description When it is handed over next; later than start on a retry
             */
            dueAt: string;
            firstName: string | null;
            /** @description The one booked after this one */
            followUp: string | null;
            /** @description The callback whose agent was not available, after which this one was booked */
            followUpOf: string | null;
            lastName: string | null;
            outcome: string | null;
            /** @description E.164; the last two digits (`…42`) for who may not see whole numbers; `removed` once it is kept no longer */
            phone: string;
            reason: string | null;
            skill: string;
            skillId: string;
            /** Format: date-time */
            slotEnd: string;
            /** Format: date-time */
            slotStart: string;
            source: string;
            /** Format: date-time */
            start: string;
            /** @enum {string} */
            status: "scheduled" | "importing" | "imported" | "completed" | "failed" | "cancelled" | "expired";
            timeline: components["schemas"]["TimelineEntry"][];
            /** @description Of its slot; instants are shown in it */
            timeZone: string;
            /** @description UCCE has had it for longer than a result should take (a setting) */
            withoutResult: boolean;
        };
        CallbackSearchPage: {
            items: components["schemas"]["CallbackSummary"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        CallbackSummary: {
            accountNumber: string;
            agentId: string | null;
            attempts: number;
            campaign: string;
            campaignId: string;
            /** Format: date-time */
            changedAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description The start in the customer's zone
             */
            customerStart: string;
            /** @description Of the customer: as stated, else by the number, else that of the slot */
            customerTimeZone: string;
            /**
             * Format: date-time
             * @description When it is handed over next; later than start on a retry
             */
            dueAt: string;
            firstName: string | null;
            lastName: string | null;
            outcome: string | null;
            /** @description E.164; the last two digits (`…42`) for who may not see whole numbers; `removed` once it is kept no longer */
            phone: string;
            skill: string;
            skillId: string;
            /** Format: date-time */
            slotEnd: string;
            /** Format: date-time */
            slotStart: string;
            source: string;
            /** Format: date-time */
            start: string;
            /** @enum {string} */
            status: "scheduled" | "importing" | "imported" | "completed" | "failed" | "cancelled" | "expired";
            /** @description Of its slot; instants are shown in it */
            timeZone: string;
            /** @description UCCE has had it for longer than a result should take (a setting) */
            withoutResult: boolean;
        };
        Campaign: {
            /** @description How long the script waits for the agent of a personal callback */
            agentWaitMinutes: number;
            /** @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside */
            callingHoursEnd: string;
            /** @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside */
            callingHoursStart: string;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            description: string | null;
            /** @enum {string} */
            dialForm: "national" | "international";
            dialInternationalPrefix: string;
            dialPrefix: string;
            dialRegion: string;
            enabled: boolean;
            /** @description The brake of this campaign */
            handsOver: boolean;
            /**
             * @description Why the master leaves the campaign in UCCE alone until somebody decides: not_ours (another campaign stands there), switched_off (somebody disabled it there); null: it does not
             * @enum {string|null}
             */
            hold: "not_ours" | "switched_off" | null;
            id: string;
            maxAttempts: number;
            maxHandOversPerCycle: number | null;
            name: string;
            parameters: components["schemas"]["CampaignParameters"];
            /**
             * @description What the script does with an answered personal callback whose agent does not become free within agentWaitMinutes. agentThenSkill: it queues the call to the skill. agentNextSlot: it reports agent_unavailable, and the customer is called again in the agent's next slot.
             * @enum {string}
             */
            personalCallbacks: "agentThenSkill" | "agentNextSlot";
            /** @description True: UCCE calls again, by parameters.maxAttempts and parameters.retries. False: we do, by maxAttempts and retryDelays, inside the promised window; UCCE is then always sent maxAttempts 1. */
            retriesByUcce: boolean;
            retryDelays: {
                [key: string]: number;
            };
            skills: components["schemas"]["CampaignSkill"][];
            /** Format: date-time */
            syncedAt: string | null;
            syncMessage: string | null;
            /** @enum {string} */
            syncState: "pending" | "in_sync" | "error";
            version: number;
        };
        CampaignAnalysis: {
            /** @description How long the greeting is analysed. */
            analysisPeriod?: number;
            /** @description Off: no voice, fax or machine detection. */
            enabled?: boolean;
            /** @description Then the machine's beep is given up. */
            maxTermToneAnalysis?: number;
            /** @description Then the analysis gives up. */
            maxTimeAnalysis?: number;
            /** @description What counts as speech. */
            minimumValidSpeech?: number;
            /** @description Silence that ends a greeting. */
            minSilencePeriod?: number;
            /** @description The dialer keeps recordings, for tuning only. */
            record?: boolean;
        };
        CampaignChange: {
            /** @description How long the script waits for the agent of a personal callback */
            agentWaitMinutes: number;
            /** @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside */
            callingHoursEnd: string;
            /** @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside */
            callingHoursStart: string;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            description: string | null;
            /** @enum {string} */
            dialForm: "national" | "international";
            dialInternationalPrefix: string;
            dialPrefix: string;
            dialRegion: string;
            effects: components["schemas"]["Effects"];
            enabled: boolean;
            /** @description The brake of this campaign */
            handsOver: boolean;
            /**
             * @description Why the master leaves the campaign in UCCE alone until somebody decides: not_ours (another campaign stands there), switched_off (somebody disabled it there); null: it does not
             * @enum {string|null}
             */
            hold: "not_ours" | "switched_off" | null;
            id: string;
            maxAttempts: number;
            maxHandOversPerCycle: number | null;
            name: string;
            parameters: components["schemas"]["CampaignParameters"];
            /**
             * @description What the script does with an answered personal callback whose agent does not become free within agentWaitMinutes. agentThenSkill: it queues the call to the skill. agentNextSlot: it reports agent_unavailable, and the customer is called again in the agent's next slot.
             * @enum {string}
             */
            personalCallbacks: "agentThenSkill" | "agentNextSlot";
            /** @description True: UCCE calls again, by parameters.maxAttempts and parameters.retries. False: we do, by maxAttempts and retryDelays, inside the promised window; UCCE is then always sent maxAttempts 1. */
            retriesByUcce: boolean;
            retryDelays: {
                [key: string]: number;
            };
            skills: components["schemas"]["CampaignSkill"][];
            /** Format: date-time */
            syncedAt: string | null;
            syncMessage: string | null;
            /** @enum {string} */
            syncState: "pending" | "in_sync" | "error";
            version: number;
        };
        CampaignDifference: {
            desired: unknown;
            /** @description Cisco's name; nested ones as a/b */
            field: string;
            observed: unknown;
        };
        CampaignInUcce: {
            name: string;
            ucceId: number;
        };
        CampaignPage: {
            items: components["schemas"]["Campaign"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        CampaignParameter: {
            default: unknown;
            group: string;
            help: string;
            /** @enum {string} */
            kind: "boolean" | "integer" | "decimal" | "choice" | "date" | "time" | "digits" | "time_zone";
            label: string;
            maximum: number | null;
            minimum: number | null;
            /** @description a.b lies in the object a */
            name: string;
            options: string[];
            recommended: unknown;
            unit: string | null;
        };
        CampaignParameters: {
            /** @description Predictive: slow down near the limit. */
            abandonEnabled?: boolean;
            /** @description Predictive: the limit of calls without an agent. */
            abandonPercent?: number;
            /**
             * @description What becomes of the call.
             * @enum {string}
             */
            amdTreatmentMode?: "abandonCall" | "transferToAgent" | "transferToIVRRoutePoint";
            callProgressAnalysis?: components["schemas"]["CampaignAnalysis"];
            /** @description Put before every number by UCCE, for the caller id for example. */
            campaignPrefix?: string;
            /**
             * @description To agents, or to an IVR (progressive or predictive only).
             * @enum {string}
             */
            campaignPurposeType?: "agentCampaign" | "ivrCampaign";
            /**
             * @description How UCCE dials. INBOUND is off. Promised callbacks suit progressive.
             * @enum {string}
             */
            dialingMode?: "INBOUND" | "PREDICTIVEONLY" | "PREVIEWONLY" | "PROGRESSIVEONLY" | "PREVIEWDIRECTONLY";
            /**
             * Format: date
             * @description UCCE dials until this day.
             */
            endDate?: string;
            /** @description UCCE dials until this time, in the customer's time. */
            endTime?: string;
            /** @description Tell answering machines from people. */
            ipAmdEnabled?: boolean;
            /** @description Transfer only after the machine's beep. */
            ipTerminatingBeepDetect?: boolean;
            /** @description Numbers dialled for each reserved agent; predictive: to begin with. */
            linesPerAgent?: number;
            /** @description How often UCCE itself calls, where it is UCCE that retries. Not while the campaign runs: UCCE then rewrites every record. */
            maxAttempts?: number;
            /** @description Predictive mode never dials more than these. */
            maximumLinesPerAgent?: number;
            /** @description A shorter call counts as abandoned by the customer; 0: off. */
            minimumCallDuration?: number;
            /** @description Rings until a call counts as not answered. */
            noAnswerRingLimit?: number;
            /** @description Agents may book UCCE's own personal callbacks. */
            personalizedCallbackEnabled?: boolean;
            /** @description Predictive: calls between two corrections. */
            predictiveCorrectionPace?: number;
            /** @description Predictive: the size of a correction. */
            predictiveGain?: number;
            /**
             * @description What UCCE does when the agent is not there.
             * @enum {string}
             */
            rescheduleCallbackMode?: "useCampaignDN" | "sameTimeNextBusinessDay" | "abandon";
            /** @description How much of the idle agents the campaign may reserve. */
            reservationPercentage?: number;
            retries?: components["schemas"]["CampaignRetries"];
            /**
             * Format: date
             * @description UCCE dials from this day on.
             */
            startDate?: string;
            /** @description UCCE dials from this time on, in the customer's time. */
            startTime?: string;
            /**
             * @description Windows' name; for numbers whose own zone UCCE does not know.
             * @enum {string}
             */
            timeZone?: "AUS Central Standard Time" | "AUS Eastern Standard Time" | "Afghanistan Standard Time" | "Alaskan Standard Time" | "Aleutian Standard Time" | "Altai Standard Time" | "Arab Standard Time" | "Arabian Standard Time" | "Arabic Standard Time" | "Argentina Standard Time" | "Astrakhan Standard Time" | "Atlantic Standard Time" | "Aus Central W. Standard Time" | "Azerbaijan Standard Time" | "Azores Standard Time" | "Bahia Standard Time" | "Bangladesh Standard Time" | "Belarus Standard Time" | "Bougainville Standard Time" | "Canada Central Standard Time" | "Cape Verde Standard Time" | "Caucasus Standard Time" | "Cen. Australia Standard Time" | "Central America Standard Time" | "Central Asia Standard Time" | "Central Brazilian Standard Time" | "Central Europe Standard Time" | "Central European Standard Time" | "Central Pacific Standard Time" | "Central Standard Time" | "Central Standard Time (Mexico)" | "Chatham Islands Standard Time" | "China Standard Time" | "Cuba Standard Time" | "Dateline Standard Time" | "E. Africa Standard Time" | "E. Australia Standard Time" | "E. Europe Standard Time" | "E. South America Standard Time" | "Easter Island Standard Time" | "Eastern Standard Time" | "Eastern Standard Time (Mexico)" | "Egypt Standard Time" | "Ekaterinburg Standard Time" | "FLE Standard Time" | "Fiji Standard Time" | "GMT Standard Time" | "GTB Standard Time" | "Georgian Standard Time" | "Greenland Standard Time" | "Greenwich Standard Time" | "Haiti Standard Time" | "Hawaiian Standard Time" | "India Standard Time" | "Iran Standard Time" | "Israel Standard Time" | "Jordan Standard Time" | "Kaliningrad Standard Time" | "Korea Standard Time" | "Libya Standard Time" | "Line Islands Standard Time" | "Lord Howe Standard Time" | "Magadan Standard Time" | "Magallanes Standard Time" | "Marquesas Standard Time" | "Mauritius Standard Time" | "Middle East Standard Time" | "Montevideo Standard Time" | "Morocco Standard Time" | "Mountain Standard Time" | "Mountain Standard Time (Mexico)" | "Myanmar Standard Time" | "N. Central Asia Standard Time" | "Namibia Standard Time" | "Nepal Standard Time" | "New Zealand Standard Time" | "Newfoundland Standard Time" | "Norfolk Standard Time" | "North Asia East Standard Time" | "North Asia Standard Time" | "North Korea Standard Time" | "Omsk Standard Time" | "Pacific SA Standard Time" | "Pacific Standard Time" | "Pacific Standard Time (Mexico)" | "Pakistan Standard Time" | "Paraguay Standard Time" | "Qyzylorda Standard Time" | "Romance Standard Time" | "Russia Time Zone 10" | "Russia Time Zone 11" | "Russia Time Zone 3" | "Russian Standard Time" | "SA Eastern Standard Time" | "SA Pacific Standard Time" | "SA Western Standard Time" | "SE Asia Standard Time" | "Saint Pierre Standard Time" | "Sakhalin Standard Time" | "Samoa Standard Time" | "Sao Tome Standard Time" | "Saratov Standard Time" | "Singapore Standard Time" | "South Africa Standard Time" | "South Sudan Standard Time" | "Sri Lanka Standard Time" | "Sudan Standard Time" | "Syria Standard Time" | "Taipei Standard Time" | "Tasmania Standard Time" | "Tocantins Standard Time" | "Tokyo Standard Time" | "Tomsk Standard Time" | "Tonga Standard Time" | "Transbaikal Standard Time" | "Turkey Standard Time" | "Turks And Caicos Standard Time" | "US Eastern Standard Time" | "US Mountain Standard Time" | "UTC" | "UTC+12" | "UTC+13" | "UTC-02" | "UTC-08" | "UTC-09" | "UTC-11" | "Ulaanbaatar Standard Time" | "Venezuela Standard Time" | "Vladivostok Standard Time" | "Volgograd Standard Time" | "W. Australia Standard Time" | "W. Central Africa Standard Time" | "W. Europe Standard Time" | "W. Mongolia Standard Time" | "West Asia Standard Time" | "West Bank Standard Time" | "West Pacific Standard Time" | "Yakutsk Standard Time" | "Yukon Standard Time";
        };
        CampaignParametersTable: {
            /** @description Minutes, for results without a delay */
            defaultDelay: number;
            parameters: components["schemas"]["CampaignParameter"][];
            /** @description The results of retryDelays */
            retryable: string[];
        };
        CampaignRetries: {
            /** @description Until UCCE dials again after an answering machine. */
            answeringMachineDelay?: number;
            /** @description Until UCCE dials again after a busy signal. */
            busySignalDelay?: number;
            /** @description Until UCCE dials again after the customer hung up at once. */
            customerAbandonedDelay?: number;
            /** @description Until UCCE dials again after another person answered. */
            customerNotHomeDelay?: number;
            /** @description Until UCCE dials again after a call for which no agent was free. */
            dialerAbandonedDelay?: number;
            /** @description Until UCCE dials again after no answer. */
            noAnswerDelay?: number;
        };
        CampaignSkill: {
            /**
             * @description Where a call goes for which no agent is free
             * @default null
             */
            abandonedRoutePoint?: string | null;
            /**
             * @description Runs the agent reservation script (1-10 letters, digits, . and _)
             * @default null
             */
            dialedNumber?: string | null;
            /**
             * @description How many calls at once the IVR takes for this skill; with 0 UCCE dials none
             * @default 0
             */
            ivrPorts?: number;
            /**
             * @description Where answered calls of an IVR campaign go, and machines where amdTreatmentMode says so
             * @default null
             */
            ivrRoutePoint?: string | null;
            /** @default 0 */
            overflowAgents?: number;
            /** @default 1 */
            recordsToCache?: number;
            skill: string;
            skillId: string;
        };
        CampaignSkillWrite: {
            /**
             * @description Where a call goes for which no agent is free
             * @default null
             */
            abandonedRoutePoint?: string | null;
            /**
             * @description Runs the agent reservation script (1-10 letters, digits, . and _)
             * @default null
             */
            dialedNumber?: string | null;
            /**
             * @description How many calls at once the IVR takes for this skill; with 0 UCCE dials none
             * @default 0
             */
            ivrPorts?: number;
            /**
             * @description Where answered calls of an IVR campaign go, and machines where amdTreatmentMode says so
             * @default null
             */
            ivrRoutePoint?: string | null;
            /** @default 0 */
            overflowAgents?: number;
            /** @default 1 */
            recordsToCache?: number;
            skillId: string;
        };
        CampaignSync: {
            /** @description Last brought to UCCE */
            appliedVersion: number | null;
            drift: components["schemas"]["CampaignDifference"][];
            /**
             * Format: date-time
             * @description When it was first seen
             */
            heldAt: string | null;
            /**
             * @description Why the master leaves the campaign in UCCE alone until somebody decides: not_ours (another campaign stands there), switched_off (somebody disabled it there); null: it does not
             * @enum {string|null}
             */
            hold: "not_ours" | "switched_off" | null;
            /** @description With not_ours: the campaigns in UCCE that can be taken over */
            holdFound: components["schemas"]["CampaignInUcce"][];
            /** @description What UCCE has, in its own fields */
            observed: {
                [key: string]: unknown;
            } | null;
            /** Format: date-time */
            syncedAt: string | null;
            /** @description UCCE's own words */
            syncMessage: string | null;
            /** @enum {string} */
            syncState: "pending" | "in_sync" | "error";
            ucceId: number | null;
            /** @description Of the desired state */
            version: number;
        };
        CampaignWrite: {
            /**
             * @description How long the script waits for the agent of a personal callback
             * @default 2
             */
            agentWaitMinutes?: number;
            /**
             * @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside. 24:00 is the end of the day
             * @default 21:00
             * @example 21:00
             */
            callingHoursEnd?: string;
            /**
             * @description Local times at the called party's place, as the number and the stated zone tell: from callingHoursStart until before callingHoursEnd customers may be called. Neither booked nor handed over outside
             * @default 08:00
             * @example 08:00
             */
            callingHoursStart?: string;
            /** @default null */
            description?: string | null;
            /** @enum {string} */
            dialForm: "national" | "international";
            /** @default 011 */
            dialInternationalPrefix?: string;
            /** @default  */
            dialPrefix?: string;
            dialRegion: string;
            /** @description Takes bookings, and UCCE dials */
            enabled: boolean;
            /** @description How often we hand a callback over at most; 1 where UCCE retries */
            maxAttempts: number;
            /** @default null */
            maxHandOversPerCycle?: number | null;
            /** @description At most 32 letters, digits, . and _, as UCCE wants it */
            name: string;
            parameters: components["schemas"]["CampaignParameters"];
            /**
             * @description What the script does with an answered personal callback whose agent does not become free within agentWaitMinutes. agentThenSkill: it queues the call to the skill. agentNextSlot: it reports agent_unavailable, and the customer is called again in the agent's next slot.
             * @default agentThenSkill
             * @enum {string}
             */
            personalCallbacks?: "agentThenSkill" | "agentNextSlot";
            /**
             * @description True: UCCE calls again, by parameters.maxAttempts and parameters.retries. False: we do, by maxAttempts and retryDelays, inside the promised window; UCCE is then always sent maxAttempts 1.
             * @default false
             */
            retriesByUcce?: boolean;
            /** @description Minutes until we hand it over again, by result (15 where none are given): no_answer, busy, machine, abandoned, rejected, technical, not_attempted, short_call, wrong_party, dead_air; empty where UCCE retries */
            retryDelays?: {
                [key: string]: number;
            };
            skills: components["schemas"]["CampaignSkillWrite"][];
        };
        Cancel: {
            /** @default null */
            reason?: string | null;
        };
        Code: {
            code: string;
        };
        Consent: {
            accountNumber: string;
            apiClient: string | null;
            /** @description The API client's name, or agent:<id> */
            bookedBy: string | null;
            /** @description The call, as the IVR names it */
            callId: string | null;
            /** @description The channel that it was booked through */
            channel: string;
            /** Format: date-time */
            givenAt: string;
            /** @enum {string} */
            how: "booked_by_caller" | "booked_by_agent";
            /** @description As in the callback */
            phone: string;
            /** @description The client's own key of that request, while it is kept */
            requestKey: string | null;
            /** @description The booking request among the callback requests */
            requestRecord: string | null;
            /** @description What the person wished to be called about */
            skill: string;
            /**
             * Format: date-time
             * @description When the callback was cancelled
             */
            withdrawnAt: string | null;
        };
        CurrentPassword: {
            currentPassword: string;
        };
        DailySchedule: {
            capacities: number[];
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            id: string;
            name: string;
            /** @description Callbacks a day */
            total: number;
            version: number;
        };
        DailyScheduleChange: {
            capacities: number[];
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            effects: components["schemas"]["Effects"];
            id: string;
            name: string;
            /** @description Callbacks a day */
            total: number;
            version: number;
        };
        DailySchedulePage: {
            items: components["schemas"]["DailySchedule"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        DailyScheduleWrite: {
            /** @description Callbacks in each of the 48 half hours from 00:00 local time; 0 is no slot */
            capacities: number[];
            name: string;
        };
        Dependency: {
            detail: string;
            name: string;
            /** @description null: not known */
            ok: boolean | null;
        };
        DoNotCall: {
            /** Format: date-time */
            addedAt: string;
            addedBy: string | null;
            note: string | null;
            /** @description E.164; `…42` for who may not see whole numbers */
            phone: string;
        };
        DoNotCallAdded: {
            /** Format: date-time */
            addedAt: string;
            addedBy: string | null;
            /** @description Callbacks that UCCE has and may still call */
            atUcce: number;
            /** @description Callbacks that waited for the number, and were cancelled */
            cancelled: number;
            note: string | null;
            /** @description E.164; `…42` for who may not see whole numbers */
            phone: string;
        };
        DoNotCallPage: {
            items: components["schemas"]["DoNotCall"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        DoNotCallWrite: {
            /** @default null */
            note?: string | null;
            phone: string;
        };
        Effects: {
            /** @description Slots of the next 14 days that the campaign's window newly closes */
            closedSlots: number;
            /** @description True: nothing was changed */
            dryRunOnly: boolean;
            /** @description Booked callbacks that fall outside every slot */
            outside: number;
            /** @description Booked callbacks beyond the capacity of their slot */
            overcommitted: number;
            slots: components["schemas"]["AffectedSlot"][];
            summary: string;
            /** @description Slots of the next 14 days in which the campaign's calling hours newly let nobody be called who is in the schedule's own zone */
            uncallableSlots: number;
        };
        Enrolment: {
            /** @description An SVG as a data: address */
            qrCode: string;
            /** @description For typing */
            secret: string;
            /** @description What the QR code says */
            uri: string;
        };
        Erasure: {
            /** @description How many had the number */
            callbacks: number;
            /** @description The number is still never called: its keyed hash is kept */
            doNotCall: boolean;
            /**
             * Format: date-time
             * @description null: something is left
             */
            finishedAt: string | null;
            id: string;
            /** @description Callbacks that could not be erased yet: UCCE has them. The master erases each when it is closed, and calls none of them again */
            left: number;
            /** @description At most 100 */
            leftCallbacks: components["schemas"]["LeftCallback"][];
            /** Format: date-time */
            requestedAt: string;
            requestedBy: string;
            /** @description Rows of the database that have lost what was personal, so far */
            rowCount: number;
        };
        ErasurePage: {
            items: components["schemas"]["Erasure"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        ErasurePreview: {
            /** @description Of these, those that UCCE has or may have: erased when they are closed */
            atDialer: number;
            /** @description All that have the number */
            callbacks: number;
            /** @description On the do-not-call list; the wish is kept as a keyed hash */
            doNotCall: boolean;
            /** @description Of these, those that it would cancel */
            scheduled: number;
        };
        HeldCampaign: {
            /**
             * Format: date-time
             * @description When it was first seen
             */
            heldAt: string;
            /** @enum {string} */
            hold: "not_ours" | "switched_off";
            id: string;
            name: string;
            /** @description What is known of it */
            syncMessage: string;
        };
        Job: {
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** @description How many of them are dealt with, for good */
            done: number;
            /** @description It only counts and changes nothing */
            dryRun: boolean;
            /** Format: date-time */
            finishedAt: string | null;
            id: string;
            /** @description `do_not_call_import`, `bulk_cancel` or `bulk_restore` */
            kind: string;
            /** @description Its node is not heard of any more; another one goes on with it */
            lost: boolean;
            /** @description Who runs it, or did last */
            node: string | null;
            /** @description Why it failed */
            problem: string | null;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @description Lines or callbacks */
            total: number;
        };
        JobDetail: {
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            /** @description How many of them are dealt with, for good */
            done: number;
            /** @description It only counts and changes nothing */
            dryRun: boolean;
            /** Format: date-time */
            finishedAt: string | null;
            id: string;
            /** @description `do_not_call_import`, `bulk_cancel` or `bulk_restore` */
            kind: string;
            /** @description The first of them */
            lines: components["schemas"]["JobLine"][];
            /** @description Its node is not heard of any more; another one goes on with it */
            lost: boolean;
            /** @description Who runs it, or did last */
            node: string | null;
            /** @description Why it failed */
            problem: string | null;
            /** @description Callbacks that it cancelled, and that an undo would restore */
            restorable: number;
            /** @description How many the file `result` has */
            resultLines: number;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "done" | "failed" | "cancelled";
            /** @description Lines or callbacks */
            total: number;
        };
        JobLine: {
            /** @description Of the file; the first is 1 */
            line: number;
            message: string;
        };
        JobPage: {
            items: components["schemas"]["Job"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        KeyReplacement: {
            /**
             * Format: date-time
             * @description Until then the present key works as well; null: it ends now. One before it ends now
             * @default null
             */
            oldKeyEndsAt?: string | null;
        };
        LeftCallback: {
            accountNumber: string;
            campaign: string;
            skill: string;
            /** Format: date-time */
            start: string;
            /** @enum {string} */
            status: "imported" | "importing" | "scheduled";
        };
        Live: {
            /** Format: date-time */
            at: string;
            brakes: components["schemas"]["Brakes"];
            campaignsNotInSync: number;
            /** @description Left alone in UCCE, and handed nothing, until somebody decides */
            heldCampaigns: components["schemas"]["HeldCampaign"][];
            master: components["schemas"]["Master"];
            /** @description Open callbacks by state */
            open: components["schemas"]["OpenCounts"];
            /** @description Scheduled callbacks that should have been handed over by now */
            overdue: number;
            pools: components["schemas"]["LivePool"][];
            /** @description Callbacks whose time lies within today in the default time zone, by state */
            today: components["schemas"]["TodayCounts"];
            ucce: components["schemas"]["Ucce"];
            /** @description Callbacks that UCCE has had for longer than a result should take */
            withoutResult: number;
        };
        LivePool: {
            booked: number;
            campaign: string | null;
            campaignId: string | null;
            capacity: number;
            /** Format: date */
            date: string;
            skill: string;
            skillId: string;
            slots: components["schemas"]["LiveSlot"][];
            timeZone: string;
        };
        LiveSlot: {
            booked: number;
            /** @description 0: booked before the schedule changed */
            capacity: number;
            /** Format: date-time */
            start: string;
        };
        Login: {
            /**
             * @description Of the authenticator, or a recovery code, where there is a second factor
             * @default null
             */
            code?: string | null;
            name: string;
            password: string;
            /**
             * @description Who shall check the password: the portal, or the directory if there is one
             * @default local
             * @enum {string}
             */
            source?: "local" | "ldap";
        };
        LoginMethod: {
            /** @description Whether it answers now */
            available: boolean;
            /** @description What people call it: a setting */
            label: string;
            /** @enum {string} */
            source: "local" | "ldap" | "oidc";
        };
        LoginMethods: {
            items: components["schemas"]["LoginMethod"][];
        };
        MadeReportPage: {
            items: components["schemas"]["MadeReportRow"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        MadeReportRow: {
            /** @description The callback */
            accountNumber: string | null;
            /** @description Which attempt */
            attempt: number | null;
            /** @description UCCE's CallResult */
            callResult: number | null;
            /** @description Calls UCCE made */
            callsMade: number | null;
            /** @description Campaign */
            campaign: string | null;
            /** @description The contact in UCCE */
            contactKey: string | null;
            /** @description The customer's zone: as stated, else by the number, else that of the slot */
            customerTimeZone: string | null;
            /**
             * Format: date-time
             * @description Dialled, as UCCE's list showed it
             */
            dialedAt: string | null;
            /**
             * Format: date-time
             * @description When this attempt was to be made: the chosen time, or that of the retry
             */
            dueAt: string | null;
            /**
             * Format: date-time
             * @description Result known
             */
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description Handed over
             */
            importedAt: string | null;
            /** @description UCCE's words */
            message: string | null;
            /** @description The node that handed over */
            node: string | null;
            /** @description Result */
            outcome: string | null;
            /** @description E.164 */
            phone: string | null;
            /** @description From its own time to the dial */
            secondsToDial: number | null;
            /** @description From its own time to the hand-over */
            secondsToHandOver: number | null;
            /** @description Skill */
            skill: string | null;
            /**
             * Format: date-time
             * @description The time the customer chose
             */
            startAt: string | null;
            /** @description The zone in which the instants of the row are given: its pool's, or the default */
            timeZone: string | null;
        };
        Master: {
            /** @description It was heard of lately */
            alive: boolean;
            epoch: number;
            /** @description One sentence */
            lastCycle: string | null;
            /** Format: date-time */
            lastCycleAt: string | null;
            /** @description null: nobody was ever master */
            node: string | null;
            /** @description What keeps it from its work, and what to do */
            problem: string | null;
            /** Format: date-time */
            since: string | null;
        };
        Me: {
            /** @description False: sees what belongs to some skills only */
            allSkills: boolean;
            csrfToken: string;
            displayName: string;
            /** @description May take lists away as files */
            mayExport: boolean;
            /** @description A new password must be chosen first */
            mustChange: boolean;
            /** @description The role must have a second factor, and there is none yet */
            mustSetUpMfa: boolean;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "supervisor" | "administrator";
            /** @description False: phone numbers are masked */
            seesPhones: boolean;
            /**
             * @description Who knows the password: `local` is the portal itself, which alone can change it
             * @enum {string}
             */
            source: "local" | "ldap" | "oidc";
        };
        MfaState: {
            enabled: boolean;
            recoveryCodesLeft: number;
            /** @description The person's role must have it (a setting) */
            required: boolean;
        };
        Move: {
            /** @description ISO 8601; without an offset local time of the callback's zone */
            start: string;
        };
        Node: {
            alive: boolean;
            node: string;
            role: string;
            /** Format: date-time */
            seenAt: string;
            status: {
                [key: string]: unknown;
            };
            version: string;
        };
        OpenCounts: {
            imported: number;
            importing: number;
            scheduled: number;
        };
        OwnSession: {
            address: string;
            /** @description As the browser names itself */
            browser: string;
            /** Format: date-time */
            createdAt: string;
            /** @description The session that asks */
            current: boolean;
            /** Format: date-time */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it last did some work, to a minute
             */
            seenAt: string;
        };
        OwnSessions: {
            items: components["schemas"]["OwnSession"][];
        };
        Password: {
            currentPassword: string;
            /** @description At least 12 characters, without the user name, none of the commonest */
            newPassword: string;
        };
        Paused: {
            id: string;
            name: string;
        };
        Person: {
            phone: string;
        };
        Preview: {
            campaign: string | null;
            campaignId: string | null;
            days: components["schemas"]["PreviewDay"][];
            skill: string;
            skillId: string;
            timeZone: string;
        };
        PreviewDay: {
            booked: number;
            capacity: number;
            /** @description 60 on the day the clocks go forward, -60 on the day back, else 0 */
            clockChangeMinutes: number;
            /** Format: date */
            date: string;
            slots: components["schemas"]["PreviewSlot"][];
        };
        PreviewSlot: {
            booked: number;
            /** @description 0: booked before the schedule changed */
            capacity: number;
            /** Format: date-time */
            end: string;
            overcommitted: boolean;
            /** Format: date-time */
            start: string;
        };
        PreviousKey: {
            /** Format: date-time */
            endsAt: string;
            /** @description The key's last characters */
            keyHint: string;
            /**
             * Format: date-time
             * @description To a minute
             */
            lastUsedAt: string | null;
        };
        Problem: {
            /** @description The open callback that stands in the way */
            accountNumber?: string;
            /** @description Up to 3 nearest free slots */
            alternatives?: components["schemas"]["Alternative"][];
            /** @description When they were */
            changedAt?: string;
            /** @description Who was faster */
            changedBy?: string;
            /** @enum {string} */
            code: "validation_error" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "unsupported_media_type" | "body_too_large" | "rate_limited" | "idempotency_key_reused" | "stale_version" | "precondition_required" | "in_use" | "already_exists" | "gadget_disabled" | "booking_closed" | "unknown_skill" | "unknown_campaign" | "campaign_not_available" | "invalid_phone" | "phone_not_allowed" | "do_not_call" | "invalid_start" | "start_in_past" | "outside_booking_window" | "unknown_offer" | "duplicate_callback" | "outside_calling_hours" | "no_slot" | "slot_full" | "unknown_callback" | "not_reschedulable" | "not_cancellable" | "not_dispatchable" | "not_personal" | "not_dialed" | "already_reported" | "unknown_call" | "finesse_unavailable" | "not_master" | "invalid_credentials" | "login_refused" | "account_locked" | "csrf_failed" | "password_change_required" | "mfa_required" | "mfa_setup_required" | "count_changed" | "not_held" | "phone_hash_key_missing" | "too_many_jobs" | "wrong_job_state" | "request_timeout" | "bad_gateway" | "service_unavailable" | "gateway_timeout" | "internal_error";
            /** @description How many there are now */
            count?: number;
            /** @description The version there is now */
            currentVersion?: number;
            detail: string;
            /** @description What is wrong with which field, by the field's path */
            errors?: {
                [key: string]: string[];
            };
            requestId: string;
            /** @description Seconds to wait, as in the header Retry-After */
            retryAfter?: number;
            status: number;
            title: string;
            type: string;
            /** @description What uses it */
            usedBy?: string[];
        };
        RealtimeReportPage: {
            items: components["schemas"]["RealtimeReportRow"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        RealtimeReportRow: {
            /** @description The callback */
            accountNumber: string | null;
            /** @description The agent of a personal callback */
            agentId: string | null;
            /** @description Hand-overs so far */
            attempts: number | null;
            /** @description Campaign */
            campaign: string | null;
            /**
             * Format: date-time
             * @description Booked
             */
            createdAt: string | null;
            /** @description The customer's zone: as stated, else by the number, else that of the slot */
            customerTimeZone: string | null;
            /**
             * Format: date-time
             * @description When it is handed over next
             */
            dueAt: string | null;
            /** @description First name */
            firstName: string | null;
            /** @description Last name */
            lastName: string | null;
            /** @description E.164 */
            phone: string | null;
            /** @description Skill */
            skill: string | null;
            /** @description The channel it was booked through */
            source: string | null;
            /**
             * Format: date-time
             * @description The time the customer chose
             */
            startAt: string | null;
            /** @description State */
            status: string | null;
            /** @description The zone in which the instants of the row are given: its pool's, or the default */
            timeZone: string | null;
        };
        RecoveryCodes: {
            /** @description Shown this once; each lets in once */
            recoveryCodes: string[];
        };
        Ref: {
            id: string;
            name: string;
        };
        Refusal: {
            code: string;
            detail: string;
        };
        Refusals: {
            items: components["schemas"]["Refusal"][];
        };
        Removal: {
            phones: string[];
        };
        Removed: {
            /** @description How many of them stood on the list */
            removed: number;
        };
        RequestsReportPage: {
            items: components["schemas"]["RequestsReportRow"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        RequestsReportRow: {
            /** @description Campaign */
            campaign: string | null;
            /** @description scheduled, no_slots, refused or not_completed */
            category: string | null;
            /**
             * Format: date-time
             * @description The half hour
             */
            intervalStart: string | null;
            /** @description Of them those to which slots were offered, however they ended */
            offered: number | null;
            /** @description Why */
            outcome: string | null;
            /** @description Requests */
            requests: number | null;
            /** @description Skill */
            skill: string | null;
            /** @description The channel it was booked through */
            source: string | null;
            /** @description The zone in which the instants of the row are given: its pool's, or the default */
            timeZone: string | null;
        };
        ResultsReportPage: {
            items: components["schemas"]["ResultsReportRow"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        ResultsReportRow: {
            /** @description Of personal ones: agent, skill, agent_unavailable, not_reported */
            agentOutcome: string | null;
            /** @description Hand-overs */
            attempts: number | null;
            /** @description Callbacks */
            callbacks: number | null;
            /** @description Campaign */
            campaign: string | null;
            /**
             * Format: date-time
             * @description The half hour
             */
            intervalStart: string | null;
            /** @description Result */
            outcome: string | null;
            /** @description Skill */
            skill: string | null;
            /** @description Final state */
            status: string | null;
            /** @description The zone in which the instants of the row are given: its pool's, or the default */
            timeZone: string | null;
        };
        ScheduledReportPage: {
            items: components["schemas"]["ScheduledReportRow"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        ScheduledReportRow: {
            /** @description Places taken, of all campaigns in the pool */
            booked: number | null;
            /** @description Callbacks that were not cancelled */
            callbacks: number | null;
            /** @description Campaign */
            campaign: string | null;
            /** @description Cancelled */
            cancelled: number | null;
            /** @description Places */
            capacity: number | null;
            /** @description Completed */
            completed: number | null;
            /** @description Expired */
            expired: number | null;
            /** @description Failed */
            failed: number | null;
            /** @description At the dialer */
            inProgress: number | null;
            /**
             * Format: date-time
             * @description The half hour
             */
            intervalStart: string | null;
            /** @description Waiting */
            scheduled: number | null;
            /** @description Skill */
            skill: string | null;
            /** @description The zone in which the instants of the row are given: its pool's, or the default */
            timeZone: string | null;
        };
        Setting: {
            /** Format: date-time */
            changedAt: string | null;
            changedBy: string | null;
            default: unknown;
            group: string;
            help: string;
            isDefault: boolean;
            /** @enum {string} */
            kind: "integer" | "boolean" | "region" | "regions" | "prefixes" | "time_zone" | "roles";
            label: string;
            maximum: number | null;
            minimum: number | null;
            name: string;
            unit: string | null;
            value: unknown;
            version: number;
        };
        Settings: {
            items: components["schemas"]["Setting"][];
            total: number;
        };
        SettingWrite: {
            /** @description Of the setting's kind, within its range */
            value: unknown;
        };
        Skill: {
            /** @description The brake of this skill */
            acceptsBookings: boolean;
            /** @description Those that serve it */
            campaigns: components["schemas"]["Ref"][];
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            defaultCampaign: string | null;
            defaultCampaignId: string | null;
            description: string | null;
            /** @description It, or a campaign with it, has a schedule */
            hasSchedule: boolean;
            id: string;
            name: string;
            ucceSkillGroupId: number | null;
            version: number;
        };
        SkillPage: {
            items: components["schemas"]["Skill"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        SkillSchedule: {
            campaign: string | null;
            campaignId: string | null;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            id: string;
            /** @description It holds today */
            inForce: boolean;
            skill: string;
            skillId: string;
            /** Format: date */
            startsOn: string;
            timeZone: string;
            version: number;
            weeklySchedule: string | null;
            weeklyScheduleId: string | null;
        };
        SkillScheduleChange: {
            campaign: string | null;
            campaignId: string | null;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            effects: components["schemas"]["Effects"];
            id: string;
            /** @description It holds today */
            inForce: boolean;
            skill: string;
            skillId: string;
            /** Format: date */
            startsOn: string;
            timeZone: string;
            version: number;
            weeklySchedule: string | null;
            weeklyScheduleId: string | null;
        };
        SkillSchedulePage: {
            items: components["schemas"]["SkillSchedule"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        SkillScheduleWrite: {
            /**
             * @description Only where the campaign has its own places
             * @default null
             */
            campaignId?: string | null;
            skillId: string;
            /** Format: date */
            startsOn: string;
            timeZone: string;
            /** @description null: no slots from then on */
            weeklyScheduleId: string | null;
        };
        SkillWrite: {
            /**
             * @description For bookings that name no campaign
             * @default null
             */
            defaultCampaignId?: string | null;
            /** @default null */
            description?: string | null;
            /** @description As the IVR names it */
            name: string;
            /**
             * @description The skill group's id in UCCE (…/skillgroup/<id>)
             * @default null
             */
            ucceSkillGroupId?: number | null;
        };
        System: {
            /** Format: date-time */
            at: string;
            /** @description sqlite or mssql */
            database: string;
            dependencies: components["schemas"]["Dependency"][];
            /** @description Optional parts that are switched on */
            features: string[];
            master: components["schemas"]["Master"];
            node: string;
            nodes: components["schemas"]["Node"][];
            schemaRevision: string | null;
            /** @description Of the node that answers */
            version: string;
        };
        Term: {
            /** Format: date-time */
            beganAt: string;
            /** Format: date-time */
            endedAt: string | null;
            endReason: string | null;
            epoch: number;
            node: string;
        };
        TermPage: {
            items: components["schemas"]["Term"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        TimelineEntry: {
            /** Format: date-time */
            at: string;
            /** @description null: the booking */
            fromStatus: string | null;
            /** @enum {string} */
            toStatus: "scheduled" | "importing" | "imported" | "completed" | "failed" | "cancelled" | "expired";
            /** @description client:<name>, user:<name> or worker:<node> */
            who: string;
            why: string;
        };
        TimeZones: {
            /** @description IANA names, in alphabetical order */
            names: string[];
        };
        TodayCounts: {
            cancelled: number;
            completed: number;
            expired: number;
            failed: number;
            imported: number;
            importing: number;
            scheduled: number;
        };
        Ucce: {
            /** @description Its own words */
            lastError: string | null;
            /** Format: date-time */
            lastErrorAt: string | null;
            /** @description null: not known */
            reachable: boolean | null;
        };
        User: {
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            /** @description The fields that the user's directory decides, which are not changed here */
            decidedByDirectory: string[];
            displayName: string;
            enabled: boolean;
            id: string;
            /** Format: date-time */
            lastLoginAt: string | null;
            /** @description By wrong passwords, for some address or browser */
            locked: boolean;
            /** Format: date-time */
            lockedUntil: string | null;
            /** @description May take lists and reports away as files */
            mayExport: boolean;
            /** @description Logs in with a second factor */
            mfaEnabled: boolean;
            /** @description A new password at the next login */
            mustChange: boolean;
            name: string;
            /** Format: date-time */
            passwordChangedAt: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "supervisor" | "administrator";
            /** @description Sees whole phone numbers; else their last two digits */
            seesPhones: boolean;
            /** @description null: sees all skills; else only what belongs to these. An administrator sees all. */
            skillIds: string[] | null;
            /**
             * @description Who knows the password
             * @enum {string}
             */
            source: "local" | "ldap" | "oidc";
            version: number;
        };
        UserCreate: {
            displayName: string;
            enabled: boolean;
            /** @description May take lists and reports away as files */
            mayExport?: boolean;
            /** @description The login name; upper and lower case are the same */
            name: string;
            /** @description At least 12 characters; to be changed at the first login */
            password: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "supervisor" | "administrator";
            /** @description Sees whole phone numbers; else their last two digits */
            seesPhones?: boolean;
            /** @description null: sees all skills; else only what belongs to these. An administrator sees all. */
            skillIds?: string[] | null;
        };
        UserPage: {
            items: components["schemas"]["User"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        UserPassword: {
            /** @description At least 12 characters; to be changed at the first login */
            password: string;
        };
        UserWrite: {
            displayName: string;
            enabled: boolean;
            /** @description May take lists and reports away as files */
            mayExport?: boolean;
            /** @description The login name; upper and lower case are the same */
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "supervisor" | "administrator";
            /** @description Sees whole phone numbers; else their last two digits */
            seesPhones?: boolean;
            /** @description null: sees all skills; else only what belongs to these. An administrator sees all. */
            skillIds?: string[] | null;
        };
        WeeklySchedule: {
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            fridayId: string | null;
            id: string;
            mondayId: string | null;
            name: string;
            saturdayId: string | null;
            sundayId: string | null;
            thursdayId: string | null;
            tuesdayId: string | null;
            version: number;
            wednesdayId: string | null;
        };
        WeeklyScheduleChange: {
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            effects: components["schemas"]["Effects"];
            fridayId: string | null;
            id: string;
            mondayId: string | null;
            name: string;
            saturdayId: string | null;
            sundayId: string | null;
            thursdayId: string | null;
            tuesdayId: string | null;
            version: number;
            wednesdayId: string | null;
        };
        WeeklySchedulePage: {
            items: components["schemas"]["WeeklySchedule"][];
            page: number;
            pageSize: number;
            /** @description How many there are on all pages */
            total: number;
            /** @description False: there are more than `total`, which is not counted further */
            totalIsExact: boolean;
        };
        WeeklyScheduleWrite: {
            fridayId: string | null;
            mondayId: string | null;
            name: string;
            saturdayId: string | null;
            sundayId: string | null;
            thursdayId: string | null;
            tuesdayId: string | null;
            wednesdayId: string | null;
        };
    };
    responses: {
        /** @description Default error response */
        DEFAULT_ERROR: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listApiClients: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClientPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createApiClient: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiClientWrite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClientWithKey"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getApiClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateApiClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiClientWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteApiClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    endPreviousApiClientKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClient"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    replaceApiClientKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyReplacement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiClientWithKey"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                action?: string;
                /** @description Since then: a date or `today` (of the default time zone), or an instant with offset */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                resource?: string;
                resourceId?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date or `today` (of the default time zone), or an instant with offset */
                to?: string;
                /** @description A user's name, or an API client's */
                who?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_credentials`, `mfa_required` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `login_refused`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    logoutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listLoginMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginMethods"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getMfa: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MfaState"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    confirmMfaEnrolment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`, `invalid_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    beginMfaEnrolment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CurrentPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolment"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`, `invalid_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    replaceRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CurrentPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`, `invalid_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    removeMfa: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CurrentPassword"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`, `invalid_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    finishOidcLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or back to the login page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    postOidcLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or back to the login page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    beginOidcLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider, or back to the login page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listLoginRefusals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusals"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Password"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`, `invalid_credentials` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listOwnSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnSessions"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    searchCallbacks: {
        parameters: {
            query?: {
                accountNumber?: string;
                campaignId?: string;
                /** @description Those that start then or later: a date (of the slot's own zone), `today` (there), or an instant with offset */
                from?: string;
                page?: number;
                pageSize?: number;
                phone?: string;
                /** @description Text to look for */
                q?: string;
                skillId?: string;
                sort?: string;
                status?: ("scheduled" | "importing" | "imported" | "completed" | "failed" | "cancelled" | "expired")[];
                /** @description Those that start before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
                /** @description true: only those that UCCE has had for longer than a result should take */
                withoutResult?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackSearchPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackDetail"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_callback` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    cancelCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackDetail"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_callback` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_cancellable` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    dispatchCallbackNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackDetail"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_callback` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_dispatchable`, `outside_calling_hours` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    rescheduleCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Move"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackDetail"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_callback`, `unknown_skill`, `unknown_campaign` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_reschedulable`, `campaign_not_available`, `booking_closed`, `outside_calling_hours`, `no_slot`, `slot_full` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone`, `phone_not_allowed`, `do_not_call`, `invalid_start`, `start_in_past`, `outside_booking_window` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    bulkCancelCallbacks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkCancel"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `count_changed`, `too_many_jobs` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    undoBulkCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `wrong_job_state`, `too_many_jobs` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    previewBulkCancel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkCancel"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPreview"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `count_changed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listCampaigns: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
                syncState?: "pending" | "in_sync" | "error";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createCampaign: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignWrite"];
            };
        };
        responses: {
            /** @description With dryRun: what it would do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Effects"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateCampaign: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    adoptCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignInUcce"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSync"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_held`, `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    makeCampaignAnew: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSync"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_held`, `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    resumeCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSync"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_held` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getCampaignSync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSync"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    requestCampaignSync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSync"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listCampaignParameters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignParametersTable"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listDailySchedules: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailySchedulePage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createDailySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DailyScheduleWrite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailySchedule"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getDailySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailySchedule"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateDailySchedule: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DailyScheduleWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DailyScheduleChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteDailySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listDoNotCall: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoNotCallPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    addDoNotCall: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoNotCallWrite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoNotCallAdded"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    exportDoNotCall: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole list as CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    importDoNotCall: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_jobs` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    removeDoNotCall: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Removal"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Removed"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listErasures: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasurePage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Person"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `phone_hash_key_missing` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    previewErasure: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Person"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasurePreview"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error`, `invalid_phone` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `wrong_job_state` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getJobResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result as CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `wrong_job_state` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getLive: {
        parameters: {
            query?: {
                /** @description Pools of this skill only */
                skillId?: string;
                /** @description false: the pools' totals only */
                slots?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    setBrakes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrakesWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brakes"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getMadeReport: {
        parameters: {
            query?: {
                /** @description Its name */
                campaign?: string;
                /** @description csv: the whole report as a file, as with `Accept: text/csv` */
                format?: "json" | "csv";
                /** @description From then on: a date (of the slot's own zone), `today` (there), or an instant with offset; 7 days ago when neither is given */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                /** @description Its name */
                skill?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeReportPage"];
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getRealtimeReport: {
        parameters: {
            query?: {
                /** @description Its name */
                campaign?: string;
                /** @description csv: the whole report as a file, as with `Accept: text/csv` */
                format?: "json" | "csv";
                /** @description From then on: a date (of the slot's own zone), `today` (there), or an instant with offset; 7 days ago when neither is given */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                /** @description Its name */
                skill?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RealtimeReportPage"];
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getRequestsReport: {
        parameters: {
            query?: {
                /** @description Its name */
                campaign?: string;
                /** @description csv: the whole report as a file, as with `Accept: text/csv` */
                format?: "json" | "csv";
                /** @description From then on: a date (of the slot's own zone), `today` (there), or an instant with offset; 7 days ago when neither is given */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                /** @description Its name */
                skill?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestsReportPage"];
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getResultsReport: {
        parameters: {
            query?: {
                /** @description Its name */
                campaign?: string;
                /** @description csv: the whole report as a file, as with `Accept: text/csv` */
                format?: "json" | "csv";
                /** @description From then on: a date (of the slot's own zone), `today` (there), or an instant with offset; 7 days ago when neither is given */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                /** @description Its name */
                skill?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultsReportPage"];
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getScheduledReport: {
        parameters: {
            query?: {
                /** @description Its name */
                campaign?: string;
                /** @description csv: the whole report as a file, as with `Accept: text/csv` */
                format?: "json" | "csv";
                /** @description From then on: a date (of the slot's own zone), `today` (there), or an instant with offset; 7 days ago when neither is given */
                from?: string;
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                /** @description Its name */
                skill?: string;
                sort?: string;
                /** @description Before then, of a date to its end: a date (of the slot's own zone), `today` (there), or an instant with offset */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledReportPage"];
                    "text/csv": string;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getSetting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateSetting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    resetSetting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listSkillSchedules: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                skillId?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillSchedulePage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createSkillSchedule: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillScheduleWrite"];
            };
        };
        responses: {
            /** @description With dryRun: what it would do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Effects"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillScheduleChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getSkillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillSchedule"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateSkillSchedule: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillScheduleWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillScheduleChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteSkillSchedule: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With dryRun: what it would do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Effects"];
                };
            };
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    previewSkillSchedule: {
        parameters: {
            query?: {
                days?: number;
                /** @description Local; today when not given */
                from?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    previewPool: {
        parameters: {
            query: {
                campaignId?: string;
                days?: number;
                /** @description Local; today when not given */
                from?: string;
                skillId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listSkills: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createSkill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillWrite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getSkill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateSkill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteSkill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listMasterships: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TermPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listTimeZones: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeZones"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists`, `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    resetUserPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    resetUserMfa: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    unlockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    listWeeklySchedules: {
        parameters: {
            query?: {
                page?: number;
                pageSize?: number;
                /** @description Text to look for */
                q?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WeeklySchedulePage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    createWeeklySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WeeklyScheduleWrite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WeeklySchedule"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    getWeeklySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WeeklySchedule"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    updateWeeklySchedule: {
        parameters: {
            query?: {
                /** @description Change nothing; tell what the change would do */
                dryRun?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WeeklyScheduleWrite"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WeeklyScheduleChange"];
                };
            };
            /** @description `validation_error` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
    deleteWeeklySchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`, `password_change_required`, `mfa_setup_required`, `csrf_failed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `stale_version` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_error` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `precondition_required` */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `service_unavailable` */
            503: {
                headers: {
                    /** @description Seconds to wait */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            default: components["responses"]["DEFAULT_ERROR"];
        };
    };
}
