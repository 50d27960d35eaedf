-- Sweeps with several metrics, and what of them no other configuration beats.
alter table sweep add column metrics text not null default '[]'; -- all of several as [{"name":..., "maximize":...}], the first one ranked on
