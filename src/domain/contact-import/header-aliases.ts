/** The fields of a contact that have a meaning of their own. */
export type KnownField =
  | 'phone_number'
  | 'name'
  | 'first_name'
  | 'last_name'
  | 'email'
  | 'company'
  | 'time_zone'
  | 'postcode'
  | 'state'
  | 'country'
  | 'consent_at'
  | 'consent_given'
  | 'consent_method'
  | 'consent_wording'
  | 'consent_channel';

/**
 * Which folded headers mean which field, the likelier ones first. The first entries of each line are the reference's
 * (campaign-api.md §2.1); the others are what lists from elsewhere use.
 */
export const HEADER_ALIASES: Record<KnownField, readonly string[]> = {
  phone_number: words(`
    phone_number phone mobile cell mobile_phone mobile_number cell_phone cell_number cellphone mobilephone
    phone_no phone_nr phone_num phonenumber telephone telephone_number tel tel_no tel_nr phone_1 phone1 primary_phone
    contact_phone contact_number customer_phone whatsapp whatsapp_number msisdn e164 number
    handy handynummer mobil mobilnummer mobiltelefon mobilfunknummer telefon telefonnummer telefon_nr rufnummer
    portable telephone_portable telephone_mobile numero_de_telephone numero numero_telephone
    celular movil telefono_movil telefono_celular telefono numero_de_telefono telemovel telefone
    cellulare numero_di_telefono mobiel mobiel_nummer gsm telefoon telefoonnummer komorka telefon_komorkowy
    puhelin puhelinnumero mobilnr telefonnr телефон мобильный номер_телефона 电话 手机 手机号 電話番号 携帯 전화번호 휴대폰 الهاتف`),
  name: words(`
    name full_name contact_name fullname contact customer customer_name client client_name recipient person
    nom_complet nombre nombre_completo nome nome_completo nome_e_cognome naam volledige_naam kunde kundenname
    vollstandiger_name nom navn namn imie_i_nazwisko имя фио 姓名 名前 氏名 이름`),
  first_name: words(
    'first_name firstname first given_name forename fname vorname prenom primer_nombre voornaam imie fornavn fornamn primeiro_nome',
  ),
  last_name: words(
    'last_name lastname last surname family_name lname nachname familienname nom_de_famille apellido apellidos cognome sobrenome achternaam nazwisko etternavn efternamn efternavn фамилия',
  ),
  email: words(`
    email email_address e_mail mail e_mail_address mail_address email_id e_mail_adresse mailadresse emailadresse
    courriel adresse_e_mail adresse_mail adresse_email correo correo_electronico endereco_de_email e_mailadres epost e_post`),
  company: words(`
    company organization organisation company_name business business_name organization_name employer account_name
    firma firmenname unternehmen entreprise societe empresa azienda bedrijf bedrijfsnaam компания 公司 会社 회사`),
  time_zone: words(
    'time_zone timezone tz contact_time_zone contact_timezone iana_time_zone local_time_zone zeitzone fuseau_horaire zona_horaria fuso_orario',
  ),
  postcode: words(`
    postcode post_code postal_code zip zip_code zipcode zip_postal_code postal mailing_zip billing_zip shipping_zip
    plz postleitzahl code_postal codigo_postal cap postcodes postnummer kod_pocztowy`),
  state: words(
    'state state_code us_state state_province province province_code region state_region mailing_state billing_state bundesland estado provincia',
  ),
  country: words(
    'country country_code country_name mailing_country billing_country land laenderkennzeichen pays pais paese',
  ),
  consent_at: words(`
    consent_at consent_date consent_given_at consent_given consent_time consent_timestamp date_of_consent consented_at consent
    opt_in_date opt_in_at opt_in_time optin_date opted_in_at opt_in_timestamp opt_in optin opted_in
    einwilligung einwilligung_am einwilligungsdatum date_consentement fecha_consentimiento`),
  consent_given: words(`
    consent_status has_consent consented consent_yes_no marketing_consent tcpa_consent agreed_to_contact ok_to_contact
    sms_consent text_consent consent_sms consent_to_text consent_to_texts sms_opt_in sms_optin text_opt_in ok_to_text
    call_consent voice_consent phone_consent consent_to_call consent_to_calls call_opt_in voice_opt_in ok_to_call`),
  consent_method: words(
    'consent_method consent_source consent_type consent_via opt_in_method opt_in_source optin_source einwilligung_art',
  ),
  consent_wording: words(
    'consent_wording consent_text consent_language consent_statement consent_copy opt_in_text opt_in_wording einwilligungstext',
  ),
  consent_channel: words(
    'consent_channel consent_channels consent_for consent_scope opt_in_channel opt_in_channels',
  ),
};

/** Headers whose meaning depends on their neighbours: beside `vorname`, `name` is the family name. */
export const NEIGHBOUR_ALIASES: readonly { header: string; beside: readonly string[]; field: KnownField }[] =
  [
    { header: 'name', beside: ['vorname'], field: 'last_name' },
    { header: 'nom', beside: ['prenom'], field: 'last_name' },
    { header: 'naam', beside: ['voornaam'], field: 'last_name' },
    { header: 'nombre', beside: ['apellido', 'apellidos'], field: 'first_name' },
    { header: 'nome', beside: ['cognome', 'sobrenome'], field: 'first_name' },
    { header: 'имя', beside: ['фамилия'], field: 'first_name' },
  ];

function words(list: string): string[] {
  return list.trim().split(/\s+/);
}
