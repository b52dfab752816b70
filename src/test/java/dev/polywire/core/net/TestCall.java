package dev.polywire.core.net;

import org.jspecify.annotations.Nullable;

/** A call that asks nothing. */
final class TestCall extends Call<String> {

    private final String name;

    TestCall(String name, boolean lasting, @Nullable Deadline deadline) {
        super(lasting, deadline);
        this.name = name;
    }

    @Override
    protected String operation() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
