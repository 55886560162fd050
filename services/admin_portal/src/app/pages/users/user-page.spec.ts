import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { Api } from '../../core/api';
import { UserPage } from './user-page';

const SARA = {
  id: '7',
  version: 1,
  source: 'ldap',
  name: 'sara',
  displayName: 'Sara',
  role: 'viewer',
  enabled: true,
  skillIds: ['4'],
  seesPhones: false,
  mayExport: true,
  locked: false,
  passwordChangedAt: '2026-11-22T09:10:00-06:00',
};

async function shown(user: object): Promise<HTMLElement> {
  const answer = (data: unknown) => ({ data, response: new Response(null, { headers: { ETag: '"1"' } }) });
  const GET = (path: string) => Promise.resolve(answer(path.endsWith('/users/{id}') ? user : { items: [], total: 0 }));
  TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: Api, useValue: { http: { GET } } }] });
  const page = TestBed.createComponent(UserPage);
  page.componentRef.setInput('id', SARA.id);
  await page.whenStable();
  return page.nativeElement as HTMLElement;
}

/** The labels of the fields that cannot be changed. */
function fixed(page: HTMLElement): string[] {
  const fields = [...page.querySelectorAll('mat-form-field')];
  return fields
    .filter((field) => field.querySelector(':disabled, [aria-disabled="true"]'))
    .map((field) => field.querySelector('mat-label')?.textContent?.trim() ?? '');
}

describe('a user of a directory', () => {
  it('has fixed what the directory decides, and the rest is decided here', async () => {
    const page = await shown({ ...SARA, decidedByDirectory: ['name', 'displayName', 'role', 'skillIds', 'mayExport'] });
    expect(fixed(page)).toEqual(['User name', 'Name', 'Role', 'Sees', 'Skills', 'Files']);
    expect(page.textContent).toContain('Company directory (LDAP): name, role, skills, and files are decided there');
  });

  it('is limited here where no group of the directory does it', async () => {
    const page = await shown({ ...SARA, decidedByDirectory: ['name', 'displayName', 'role'] });
    expect(fixed(page)).toEqual(['User name', 'Name', 'Role']);
    expect(page.textContent).toContain('name and role are decided there');
  });
});
