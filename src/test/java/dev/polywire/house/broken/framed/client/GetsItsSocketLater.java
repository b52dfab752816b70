package dev.polywire.house.broken.framed.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.net.MachineSocket;

@Breaks("sockets")
public class GetsItsSocketLater {

    final MachineSocket given;
    MachineSocket later;

    GetsItsSocketLater(MachineSocket given) {
        this.given = given;
    }
}
