"""The report views, defined once: made by the migrations, read by the admin API and by CUIC."""
