"""`make bench`: every measurement of the house, one after the other."""

from tests.load import allocation, certificates, imports, lists, national, rating_core, reads, seats

if __name__ == "__main__":
    reads.main()
    lists.main()
    rating_core.main()
    national.main()
    imports.main()
    certificates.main()
    seats.main()
    allocation.main()
