"""Finding organisations: by words, by what is known of them in every capability, on the map; and one on a page."""
