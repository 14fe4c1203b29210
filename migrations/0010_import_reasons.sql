-- Why rows were left out, most frequent first: [{reason, rows}]. The counts of an import say how many, this says why.
alter table imports add column reasons jsonb not null default '[]';
