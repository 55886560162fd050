import { Injectable, type ResourceRef, inject, resource } from '@angular/core';
import { Api, type ApiResponse, MAX_PAGE_SIZE, unwrap } from './api';
import { type ChoiceSource, type Named, choiceSource, namedChoices } from './choices';

/**
 * The names of skills, campaigns and schedules, for filters and choices. Call a method while a component is made: the
 * list is read for that component and given up with it.
 */
@Injectable({ providedIn: 'root' })
export class Lookups {
  private readonly http = inject(Api).http;
  private readonly params = { query: { pageSize: MAX_PAGE_SIZE, sort: 'name' } };

  skills(): ChoiceSource {
    return lookup(() => this.http.GET('/admin/api/v1/skills', { params: this.params }));
  }

  campaigns(): ChoiceSource {
    return lookup(() => this.http.GET('/admin/api/v1/campaigns', { params: this.params }));
  }

  /** The zones that the server takes; a browser may know others, and other names. */
  timeZones(): ResourceRef<readonly string[]> {
    return resource({
      loader: async () => (await unwrap(this.http.GET('/admin/api/v1/time-zones'))).names,
      defaultValue: [],
    });
  }

  weeklySchedules(): ChoiceSource {
    return lookup(() => this.http.GET('/admin/api/v1/weekly-schedules', { params: this.params }));
  }
}

function lookup(request: () => Promise<ApiResponse<{ readonly items: readonly Named[] }>>): ChoiceSource {
  return choiceSource(resource({ loader: () => unwrap(request()) }), ({ items }) => namedChoices(items));
}
