package House::EventTable;

# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

use strict;
use warnings;

# How the API tells of events.
my %FACTS = (
    operation => {
        name       => 'news.listen',
        method     => 'GET',
        path       => '/news',
        result     => 'void',
        parameters => [
            query => {
                name     => 'reader',
                type     => 'list',
                required => 1,
            },
        ],
    },

    # The option that takes the program's own names, the member of each message that names its
    # type, the type of a message that the documents do not know, and the event after which the
    # server tells this program nothing more.
    application   => 'reader',
    discriminator => 'type',
    base          => 'News',
    replaced      => 'ReaderReplaced',

    # Event type -> its class.
    models => {
        LampSwitched   => 'LampSwitched',
        News           => 'News',
        ReaderReplaced => 'ReaderReplaced',
        RoomBuilt      => 'RoomBuilt',
        RoomGone       => 'RoomGone',
    },

    # Event type -> the types it descends from, nearest first.
    parents => {
        LampSwitched   => [qw(News)],
        News           => [],
        ReaderReplaced => [qw(News)],
        RoomBuilt      => [qw(News)],
        RoomGone       => [qw(News)],
    },

    # Object -> the members that hold its ids.
    ids => {
        Room => [qw(id)],
        Lamp => [qw(room name)],
    },

    # Event type -> the properties that hold objects, each with its class; the event queues by
    # the first.
    objects => {
        LampSwitched => [qw(room Room lamp Lamp)],
        RoomBuilt    => [qw(room Room)],
        RoomGone     => [qw(room Room)],
    },

    # Event type -> the properties whose objects it ends, each with the seconds after which they
    # are over.
    ends => {
        RoomGone => [qw(room 0)],
    },

    # Object -> resource, method and arguments that read one.
    reads => {
        Room => [qw(Rooms get room_id)],
        Lamp => [qw(Lamps get room_id lamp)],
    },
);

sub facts { return \%FACTS }

1;
