package dev.polywire.house.broken.eventstore.wire;

/** In the place of what the protobuf compiler makes. */
public final class Protobuf {

    private Protobuf() {}

    /** A message. */
    public static final class Ping {}
}
