package dev.polywire.eventstore.server;

/** How many events groups hold: those that wait for a client, and those that a client has. What no longer fits stays in its stream. */
final class HeldEvents {

    /** For all groups: about 10 MB of bookkeeping, in a server that tests start in small JVMs. */
    static final int MAX_HELD = 50_000;
    /** For one: twenty times what clients' libraries ask for by default, so that five groups that nobody settles stop no other. */
    static final int MAX_HELD_BY_GROUP = 10_000;

    private final int max;
    private int held;

    HeldEvents(int max) {
        this.max = max;
    }

    static HeldEvents ofServer() {
        return new HeldEvents(MAX_HELD);
    }

    /** A group's share. */
    Share share(int maxOfGroup) {
        return new Share(maxOfGroup);
    }

    final class Share {

        private final int maxOfGroup;
        private int mine;

        private Share(int maxOfGroup) {
            this.maxOfGroup = maxOfGroup;
        }

        boolean isFull() {
            return room() <= 0;
        }

        /** How many more it may hold. */
        int room() {
            return Math.min(maxOfGroup - mine, max - held);
        }

        void take() {
            mine++;
            held++;
        }

        void giveBack() {
            mine--;
            held--;
        }

        void giveBackAll() {
            held -= mine;
            mine = 0;
        }
    }
}
