package dev.polywire.house.broken.eventstore.service;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.net.MachineSocket;

@Breaks("service")
public interface KnowsNet {

    MachineSocket socket();
}
