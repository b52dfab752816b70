package dev.polywire.house.broken.core.net;

/** What no service may know, and who knows it has from its constructor. */
public interface MachineSocket {}
