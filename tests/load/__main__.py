"""`make bench`: every measurement of the house, one after the other."""

from tests.load import allocation, certificates, imports, lists, rating_core, reads, seats

if __name__ == "__main__":
    reads.main()
    lists.main()
    rating_core.main()
    imports.main()
    certificates.main()
    seats.main()
    allocation.main()
