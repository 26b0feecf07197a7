# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::Lamp;

use 5.026;
use strict;
use warnings;

use parent 'House::HouseObject';

__PACKAGE__->identified_by(
    roomId => 'room',
    lamp   => 'name',
);

__PACKAGE__->attributes(
    room    => 'string',
    name    => 'string',
    watts   => 'integer',
    on      => 'boolean',
    options => 'object',
);

__PACKAGE__->operations_of( 'House::Lamps', qw(get switch) );

1;

__END__

=encoding utf8

=head1 NAME

House::Lamp - the model Lamp

=head1 DESCRIPTION

A lamp.

=head1 ATTRIBUTES

=head2 room

(text) The room it hangs in.

=head2 name

(text) Its name in that room.

=head2 watts

(a whole number) What it takes.

=head2 on

(a boolean) Whether it gives light.

=head2 options

(a hash reference) Whatever the maker thought of.

=head1 METHODS

Each of them has the object's own ids filled in, and a twin whose name ends in C<_p>, which gives a
L<Mojo::Promise>.

Handlers of events are put on it as L<House::Runtime::Observable> tells.

=head2 get

    my $lamp = $lamp->get;

Read a lamp.

See L<House::Lamps/get>.

=head2 switch

    $lamp->switch( on => $on, ... );

Switch a lamp, or say """why\not""".

See L<House::Lamps/switch>.

=cut
