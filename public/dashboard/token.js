/** The API token stays in this tab: it goes when the tab is closed, and never into an address. */

const KEY = 'ringmaster-token';

export const readToken = () => sessionStorage.getItem(KEY);
export const keepToken = (token) => sessionStorage.setItem(KEY, token);
export const forgetToken = () => sessionStorage.removeItem(KEY);
