package dev.polywire.testing;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.MemoryHolder;

/** Has an account in a memory budget, and does nothing about it. */
public enum Bystander implements MemoryHolder {
    ONE;

    @Override
    public void drop(CallException why) {}
}
