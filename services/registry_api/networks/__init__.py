"""Networks of schools, who belongs to them and since when: leading schools, leagues, hub schools, programmes."""
