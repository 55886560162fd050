import { TestBed } from '@angular/core/testing';
import { Status } from './status';

function render(value: string, label?: string): HTMLElement {
  const status = TestBed.createComponent(Status);
  status.componentRef.setInput('value', value);
  status.componentRef.setInput('label', label);
  status.detectChanges();
  return (status.nativeElement as HTMLElement).querySelector('span') as HTMLElement;
}

describe('a status', () => {
  it('is a word with the tone of its value', () => {
    expect(render('in_sync').textContent).toBe('in sync');
    expect(render('in_sync').className).toBe('good');
    expect(render('yes', 'active').textContent).toBe('active');
    expect(render('yes', 'active').className).toBe('good');
    expect(render('no', 'disabled').className).toBe('grey');
  });

  it('is grey when its value has no tone', () => {
    expect(render('something_new').className).toBe('grey');
  });
});
