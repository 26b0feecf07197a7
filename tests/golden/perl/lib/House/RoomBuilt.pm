# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::RoomBuilt;

use 5.026;
use strict;
use warnings;

use parent 'House::News';

__PACKAGE__->attributes( room => 'House::Room' );

1;

__END__

=encoding utf8

=head1 NAME

House::RoomBuilt - the model RoomBuilt

=head1 DESCRIPTION

There is a new room.

It has also all that a L<House::News> has.

=head1 ATTRIBUTES

=head2 room

(L<House::Room>) The room.

=cut
